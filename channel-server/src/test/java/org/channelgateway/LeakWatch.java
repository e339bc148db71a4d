package org.channelgateway;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads every line that the tests make the gateway log, at all levels, and what gateways say that are processes of their own, and keeps those that show a token, a whole sid, or what a
 * test has named a secret: secrets of apps, messages. Thread-safe.
 */
public final class LeakWatch extends AppenderBase<ILoggingEvent> {
    /** Shorter ones would be found by chance. */
    private static final int SHORTEST = 12;

    private static final int LONGEST_SHOWN = 200;

    private static final Pattern TOKEN = Pattern.compile("ct_[A-Za-z0-9_-]{8,}");

    /** A sid has 27 such characters; so have more of them what SASL PLAIN sends, and a bearer secret. */
    private static final Pattern RANDOM = Pattern.compile("[A-Za-z0-9_+/=-]{27,}");

    private static final List<Pattern> RANDOM_HAS =
            Stream.of("[a-z]", "[A-Z]", "[0-9]").map(Pattern::compile).toList();

    /** Secrets by their beginning, so that a line is searched for thousands of them in one pass. */
    private static final Map<String, Set<String>> SECRETS = new ConcurrentHashMap<>();

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    /** From now on no line may show {@code text}, unless it is too short to tell. */
    public static void secret(String text) {
        if (text.length() >= SHORTEST) {
            SECRETS.computeIfAbsent(text.substring(0, SHORTEST), begin -> ConcurrentHashMap.newKeySet())
                    .add(text);
        }
    }

    /** Reads a line that a process said. */
    public static void said(String line) {
        find(line).ifPresent(what -> LEAKS.add("«" + shortened(what) + "» in «" + shortened(line) + "»"));
    }

    /** Takes out the lines that have leaked. */
    static List<String> leaks() {
        return Stream.generate(LEAKS::poll).takeWhile(line -> line != null).toList();
    }

    /** What a line should not show; empty when it is fine. */
    static Optional<String> find(String line) {
        Matcher token = TOKEN.matcher(line);
        if (token.find()) {
            return Optional.of(token.group());
        }
        return RANDOM.matcher(line)
                .results()
                .map(found -> found.group())
                .filter(text ->
                        RANDOM_HAS.stream().allMatch(one -> one.matcher(text).find()))
                .findFirst()
                .or(() -> findSecret(line));
    }

    private static Optional<String> findSecret(String line) {
        for (int i = 0; i + SHORTEST <= line.length(); i++) {
            for (String secret : SECRETS.getOrDefault(line.substring(i, i + SHORTEST), Set.of())) {
                if (line.startsWith(secret, i)) {
                    return Optional.of(secret);
                }
            }
        }
        return Optional.empty();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getLoggerName() + ": " + event.getFormattedMessage();
        String trace = event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
        find(line)
                .or(() -> trace.lines()
                        .map(String::strip)
                        .filter(one -> !one.startsWith("at "))
                        .flatMap(one -> find(one).stream())
                        .findFirst())
                .ifPresent(what -> LEAKS.add("«" + shortened(what) + "» in «" + shortened(line) + "»"));
    }
}
