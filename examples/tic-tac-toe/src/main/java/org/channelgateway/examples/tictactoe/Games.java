package org.channelgateway.examples.tictactoe;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The games of this process; the oldest makes room for the newest. Thread-safe. */
final class Games {
    /** Those of all servlets. */
    static final Games ALL = new Games();

    private static final int MOST = 10_000;

    private final SecureRandom random = new SecureRandom();

    private final Map<String, Game> byId = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Game> eldest) {
            return size() > MOST;
        }
    };

    /** A text that nobody guesses. */
    String random() {
        return Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX)
                + Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
    }

    synchronized Game create() {
        Game game = new Game(random());
        byId.put(game.id(), game);
        return game;
    }

    synchronized Optional<Game> find(String id) {
        return Optional.ofNullable(byId.get(String.valueOf(id)));
    }
}
