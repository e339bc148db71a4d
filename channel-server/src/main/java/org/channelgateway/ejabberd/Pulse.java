package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.channelgateway.xml.XmlWriter;

/**
 * Whether the server at the other end of a component stream is alive.
 *
 * <p>Several gateways are attached under one name, and whose a stanza is depends on its sender alone. So none can await an answer of its
 * own; but all send {@link #probes} to that name, each from another resource, and so each of them hears one now and then, as long as its
 * stream is alive. Thread-safe.
 */
final class Pulse {
    /** How many each gateway sends in a second. */
    private static final int PROBES = 4;

    /**
     * Of n gateways that send 4 probes in a second each hears 4 in a second on average; that one hears nothing for 5 seconds has a
     * probability of (1 - 1/n) to the power of 20 n, less than one to 480 millions. While others are attached that say nothing, since
     * their machines were lost and ejabberd does not know it yet, this is more often wrong: with one of four alive, once in half an hour.
     */
    private static final Duration DOUBT = Duration.ofSeconds(5);

    /** When it was not probed for so long, this process itself stood still, and nothing can be said. */
    private static final Duration LATE = Duration.ofSeconds(3);

    /** After so long it is not alive. One that goes on before still reads what it was sent. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    private final String name;
    private final LongSupplier ticker;
    private volatile long heardAt;
    /** Of the thread that probes: when it did last. */
    private volatile long probedAt;

    /**
     * @param name the address of the channel service
     * @param ticker nano time
     */
    Pulse(String name, LongSupplier ticker) {
        this.name = name;
        this.ticker = ticker;
    }

    /** The server said something. */
    void heard() {
        heardAt = ticker.getAsLong();
    }

    /** What is written to a server that hangs gets into the buffers of the kernel and no further: it must not be sent anything more. */
    boolean isInDoubt() {
        long now = ticker.getAsLong();
        return now - heardAt > DOUBT.toNanos() && now - probedAt < LATE.toNanos();
    }

    /** What to send every second. */
    List<byte[]> probes() {
        probedAt = ticker.getAsLong();
        return Stream.generate(this::probe).limit(PROBES).toList();
    }

    private byte[] probe() {
        String from = name + '/' + Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX);
        return new XmlWriter(150)
                .start("", "message")
                .attribute("type", "headline")
                .attribute("from", from)
                .attribute("to", name)
                .end()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
