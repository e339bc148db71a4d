package org.channelgateway.api.appengine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;
import org.channelgateway.api.ChannelException;
import org.channelgateway.api.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that everything in a class loader uses: made by the first call, from {@code CHANNEL_URL} and
 * {@code CHANNEL_SECRET} in the system properties or the environment, and made again after it was refused or closed, or when it is
 * lost and these have changed. Thread-safe.
 *
 * <p>Nothing runs before the first call, and no thread keeps the JVM alive. A servlet container that stops the application
 * ends it by itself and for good, by an initializer in the jar of the flavour; elsewhere {@link #close} does.
 */
public final class SharedClient implements AutoCloseable {
    /** What a request is refused with; everything else that lasts is the end of the client. */
    private static final Set<String> REQUEST_CONDITIONS = Set.of("bad-request", "not-allowed", "item-not-found");

    private static final SharedClient SHARED = new SharedClient(ChannelConfig::fromEnvironment);

    private final Supplier<ChannelConfig> config;
    private final Object lock = new Object();

    /** The client, or what will be it when the thread that began to connect has succeeded; null when there is neither. */
    @GuardedBy("lock")
    private @Nullable CompletableFuture<Connected> latest;

    /** How many applications a container runs that have this class. */
    @GuardedBy("lock")
    private int applications;

    /** The last of them has stopped: whoever still calls has outlived it. */
    @GuardedBy("lock")
    private boolean ended;

    /** @param settings what it was made with */
    private record Connected(ChannelClient client, ChannelConfig settings) {}

    SharedClient(Supplier<ChannelConfig> config) {
        this.config = config;
    }

    /**
     * That of this class loader.
     *
     * @return always the same
     */
    public static SharedClient get() {
        return SHARED;
    }

    /** Does a request; once more on a new connection when the old one has ended for good and surely did not do it. */
    <T> T call(Function<ChannelClient, T> request) throws NoClientException {
        Connected connected = connected();
        if (isOutdated(connected)) {
            drop(connected);
            connected = connected();
        }
        try {
            return request.apply(connected.client);
        } catch (RefusedException e) {
            if (e.temporary() || e.outcomeUnknown() || REQUEST_CONDITIONS.contains(e.condition())) {
                throw e;
            }
            drop(connected);
            return request.apply(connected().client);
        }
    }

    /** A client goes on for ever with a secret that was taken once, also when another one is in the settings by now. */
    private boolean isOutdated(Connected connected) {
        if (connected.client.isConnected()) {
            return false;
        }
        try {
            return !connected.settings.equals(config.get());
        } catch (RuntimeException e) { // no settings are no better ones
            return false;
        }
    }

    private Connected connected() throws NoClientException {
        while (true) {
            CompletableFuture<Connected> own = new CompletableFuture<>();
            CompletableFuture<Connected> current;
            synchronized (lock) {
                if (ended) {
                    throw new NoClientException(
                            new IllegalStateException("application: stopped by its container (expected: running)"));
                }
                current = latest == null ? own : latest;
                latest = current;
            }
            if (current == own) {
                connect(own);
            }
            Connected connected = result(current, current == own);
            if (connected != null) {
                return connected;
            }
        }
    }

    private void connect(CompletableFuture<Connected> own) {
        try {
            ChannelConfig settings = config.get();
            own.complete(new Connected(ChannelClient.connect(settings), settings));
        } catch (RuntimeException | Error e) { // those who wait must not wait in vain
            synchronized (lock) {
                if (latest == own) {
                    latest = null;
                }
            }
            own.completeExceptionally(e);
        }
    }

    /** Null when another thread began to connect and was interrupted: that is no failure of this one's. */
    private static @Nullable Connected result(CompletableFuture<Connected> attempt, boolean own)
            throws NoClientException {
        try {
            return attempt.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoClientException(new IllegalStateException("interrupted while connecting", e));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChannelException known) {
                if (!own && known.getCause() instanceof InterruptedException) {
                    return null;
                }
                throw new NoClientException(known);
            }
            throw new NoClientException(
                    e.getCause() instanceof IllegalArgumentException known
                            ? known
                            : new IllegalStateException("could not connect", e.getCause()));
        }
    }

    private void drop(Connected connected) {
        synchronized (lock) {
            if (latest != null && connected.equals(latest.getNow(null))) {
                latest = null;
            }
        }
        connected.client.close();
    }

    /** A container starts an application that has this class, which may call until {@link #applicationStopped}. */
    public void applicationStarted() {
        synchronized (lock) {
            applications++;
            ended = false;
        }
    }

    /**
     * A container stops an application that has started. With the last one the connection ends, and a thread that outlives it makes
     * no other: its calls fail until an application is started again.
     */
    public void applicationStopped() {
        synchronized (lock) {
            applications = Math.max(0, applications - 1);
            ended = applications == 0;
            if (!ended) {
                return;
            }
        }
        close();
    }

    /** Ends the connection, if there is one; takes at most a second. The next call makes a new one. */
    @Override
    public void close() {
        CompletableFuture<Connected> last;
        synchronized (lock) {
            last = latest;
            latest = null;
        }
        if (last != null) {
            CompletableFuture<Void> unused = last.thenAccept(connected -> connected.client.close());
        }
    }
}
