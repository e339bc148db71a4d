package org.channelgateway.ejabberd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlLimits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the channel service attached to one of the XMPP servers: attaches again when a stream is lost, ends one that hangs. */
final class ComponentLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentLink.class);

    /**
     * Most time for each step of attaching. A server that is just starting may take a connection and never answer it; another one is
     * answered.
     */
    private static final Duration STEP = Duration.ofSeconds(5);

    /** While something is being written for so long, nothing more is taken: who publishes must not wait for it. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    /** For the end of a stream when a gateway stops. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final Duration STALL = Duration.ofSeconds(10);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** Beyond what the server lets its clients send, escaped again: one of them must not be able to break the stream of all. */
    private static final XmlLimits LIMITS = new XmlLimits(4 << 20, 100_000, 100_000, 1_000_000);

    private final List<InetSocketAddress> servers;
    private final String name;
    private final String secret;
    private final Outbox outbox;
    private final Consumer<XmlElement> stanzas;
    private final Runnable attachedAgain;
    private final LongSupplier ticker;
    private final Pulse pulse;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "component");

    private volatile @Nullable ComponentStream stream;
    /** Since when something is being written; 0 when nothing is. */
    private volatile long writingSince;

    /**
     * @param servers one after the other is tried
     * @param name the address of the channel service
     * @param stanzas takes what comes; must not block
     * @param attachedAgain run each time it is attached: what came before is not known
     * @param ticker nano time
     */
    ComponentLink(
            List<InetSocketAddress> servers,
            String name,
            String secret,
            Outbox outbox,
            Consumer<XmlElement> stanzas,
            Runnable attachedAgain,
            LongSupplier ticker) {
        this.attachedAgain = attachedAgain;
        this.servers = List.copyOf(servers);
        this.name = name;
        this.secret = secret;
        this.outbox = outbox;
        this.stanzas = stanzas;
        this.ticker = ticker;
        this.pulse = new Pulse(name, ticker);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isAttached() {
        return stream != null;
    }

    /** Looks whether the stream still moves. To be called every second. */
    void tick() {
        ComponentStream current = stream;
        long since = writingSince;
        if (current == null) {
            return;
        }
        long now = ticker.getAsLong();
        if (stream != current) { // it has just been lost, and there may be another one
            return;
        }
        outbox.stalled((since != 0 && now - since > SLOW.toNanos()) || pulse.isInDoubt());
        if (since != 0 && now - since > STALL.toNanos()) {
            LOG.warn("the component stream took nothing for {}: it is closed", STALL);
            close(current);
        } else {
            pulse.probes().forEach(outbox::answer);
        }
    }

    private void run() {
        int server = ThreadLocalRandom.current().nextInt(servers.size());
        Duration wait = FIRST_WAIT;
        while (!closed.get()) {
            InetSocketAddress at = servers.get(server % servers.size());
            try (ComponentStream attached = ComponentStream.attach(at, name, secret, LIMITS, STEP, Pulse.SILENCE)) {
                wait = FIRST_WAIT;
                LOG.info("{} is attached to {}", name, at);
                serve(attached);
            } catch (IOException | RuntimeException e) {
                if (!closed.get()) {
                    LOG.warn("{} is not attached to {}: {}", name, at, e.getMessage());
                }
            }
            server++;
            pause(wait);
            wait = longer(wait);
        }
    }

    private static Duration longer(Duration wait) {
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : twice;
    }

    /** Between half of it and all of it: those that were cut off together do not come back together. */
    private void pause(Duration wait) {
        long millis = wait.toMillis();
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
        } catch (InterruptedException e) {
            closed.set(true); // only close() interrupts
        }
    }

    private void serve(ComponentStream attached) throws IOException {
        Thread writer = new Thread(() -> write(attached), "component-writer");
        writer.setDaemon(true);
        try {
            outbox.open();
            pulse.heard();
            writer.start();
            stream = attached;
            if (closed.get()) { // close() may have looked before there was a stream
                return;
            }
            attachedAgain.run();
            attached.read(this::handle);
        } catch (IOException e) {
            lost(attached, e);
            throw e;
        } finally {
            lost(attached, new IOException("the component stream is over"));
            join(writer); // or it would write what waits for the next stream
        }
    }

    /** One stanza that cannot be handled costs no other. */
    private void handle(XmlElement stanza) {
        pulse.heard();
        try {
            stanzas.accept(stanza);
        } catch (RuntimeException e) {
            LOG.error("a stanza could not be handled", e);
        }
    }

    private void lost(ComponentStream attached, IOException why) {
        stream = null;
        outbox.close(why);
        close(attached);
    }

    private static void join(Thread other) {
        join(other, Duration.ZERO);
    }

    /** @param most how long; zero for ever */
    private static void join(Thread other, Duration most) {
        boolean interrupted = false;
        boolean isDone = false;
        while (!isDone) {
            try {
                other.join(most.toMillis());
                isDone = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(ComponentStream to) {
        try {
            Outbox.Chunk chunk = outbox.next();
            while (chunk != null) {
                write(to, chunk);
                chunk = outbox.next();
            }
            to.end();
        } catch (IOException e) {
            close(to); // whoever reads it says why
        } catch (InterruptedException | RuntimeException | Error e) { // without a writer the stream is of no use
            LOG.error("what is sent to the XMPP server could not be written", e);
            close(to);
        }
    }

    private void write(ComponentStream to, Outbox.Chunk chunk) throws IOException {
        writingSince = ticker.getAsLong() | 1; // never 0
        try {
            to.write(chunk.bytes());
        } catch (IOException e) {
            chunk.failed(e);
            throw e;
        } finally {
            writingSince = 0;
        }
        chunk.written();
    }

    private static void close(ComponentStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            LOG.debug("a component stream did not close", e);
        }
    }

    /** Detaches when what waits is written and what was on its way has come: what comes then goes to the other gateways. */
    @Override
    public void close() {
        closed.set(true);
        outbox.finish();
        thread.interrupt(); // from a pause
        join(thread, LAST_WORDS);
        ComponentStream current = stream;
        if (current != null) {
            close(current);
        }
        join(thread);
    }
}
