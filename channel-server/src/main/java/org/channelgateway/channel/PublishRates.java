package org.channelgateway.channel;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.channelgateway.channel.RefusedException.Kind;
import org.channelgateway.limit.TokenBucket;

/** How many messages each application sends. Thread-safe. */
final class PublishRates {
    /** So much of a pause may be made up for at once. */
    private static final Duration BURST = Duration.ofSeconds(2);

    private final int perSecond;
    private final LongSupplier ticker;
    private final Map<String, TokenBucket> byApp = new ConcurrentHashMap<>();

    /** @param ticker nano time */
    PublishRates(int perSecond, LongSupplier ticker) {
        this.perSecond = perSecond;
        this.ticker = ticker;
    }

    /** Counts messages; {@link RefusedException} when the application has sent too many just now. */
    void take(String app, int messages) {
        Duration wait = byApp.computeIfAbsent(app, name -> new TokenBucket(perSecond, BURST, ticker))
                .take(messages);
        if (!wait.isZero()) {
            throw new RefusedException(
                    Kind.TOO_MANY,
                    "messages: more than " + perSecond + " a second of this app (expected: fewer)",
                    Duration.ofSeconds(wait.toSeconds() + 1),
                    "publish-rate");
        }
    }
}
