package org.channelgateway.examples.tictactoe;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One game and who plays it. Thread-safe. */
final class Game {
    private static final String SEPARATOR = "-";

    private final String id;
    private final Map<Side, String> players = new EnumMap<>(Side.class);
    /** How many pages of a side are open: a player may have several. */
    private final Map<Side, Integer> pages = new EnumMap<>(Side.class);
    /** What was heard of pages already: it may come twice. */
    private final Set<String> heard = new HashSet<>();

    private Board board = Board.EMPTY;
    private Side begins = Side.X;
    private Side turn = Side.X;
    /** Grows with each change, so that a page can tell which of two messages is the newer one. */
    private long version;

    Game(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** What the channel of a side is made for. */
    String clientId(Side side) {
        return id + SEPARATOR + side;
    }

    /** The id of the game that a channel belongs to. */
    static String idOf(String clientId) {
        return clientId.substring(0, Math.max(0, clientId.indexOf(SEPARATOR)));
    }

    /** The side that a channel of this game belongs to. */
    Optional<Side> sideOf(String clientId) {
        for (Side side : Side.values()) {
            if (clientId(side).equals(clientId)) {
                return Optional.of(side);
            }
        }
        return Optional.empty();
    }

    /** The side of a player who was here before; the free one otherwise; none when both are taken. */
    synchronized Optional<Side> join(String player) {
        for (Side side : Side.values()) {
            if (!players.containsKey(side)) {
                players.put(side, player);
                version++;
            }
            if (player.equals(players.get(side))) {
                return Optional.of(side);
            }
        }
        return Optional.empty();
    }

    /** The side of a player; none for others. */
    synchronized Optional<Side> find(String player) {
        return players.entrySet().stream()
                .filter(entry -> entry.getValue().equals(player))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** False when it is not this side's turn, the cell is taken, or the game is over. */
    synchronized boolean move(Side side, int cell) {
        if (turn != side || board.isOver() || !board.isFree(cell)) {
            return false;
        }
        board = board.with(cell, side);
        turn = side.other();
        version++;
        return true;
    }

    /** Clears the board of a game that is over; the other side begins. */
    synchronized boolean again() {
        if (!board.isOver()) {
            return false;
        }
        board = Board.EMPTY;
        begins = begins.other();
        turn = begins;
        version++;
        return true;
    }

    /**
     * A page of this side has come or gone.
     *
     * @param task what names this news
     */
    synchronized void present(Side side, boolean isPresent, String task) {
        if (heard.add(task)) {
            pages.merge(side, isPresent ? 1 : -1, Integer::sum);
            version++;
        }
    }

    /** All that a page shows, as JSON. */
    synchronized String state(Side you) {
        boolean won = !board.won().isEmpty();
        return "{\"version\":" + version
                + ",\"you\":\"" + you
                + "\",\"board\":\"" + board.cells()
                + "\",\"turn\":\"" + (board.isOver() ? "" : turn)
                + "\",\"winner\":\"" + (won ? turn.other() : "")
                + "\",\"line\":" + board.won()
                + ",\"over\":" + board.isOver()
                + ",\"joined\":" + players.containsKey(you.other())
                + ",\"present\":" + (pages.getOrDefault(you.other(), 0) > 0)
                + "}";
    }
}
