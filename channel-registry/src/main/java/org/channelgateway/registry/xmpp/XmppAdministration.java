package org.channelgateway.registry.xmpp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.SmackFuture;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.impl.JidCreate;

/**
 * Administers an outside XMPP server as one of its accounts, over one connection that is made when it is needed, and kept. Requests are
 * done one after the other by a thread of its own. All of them may be repeated: a request whose connection was lost is tried once more
 * on another one. After a failure to connect there is a pause, longer each time, during which requests fail at once. Thread-safe.
 */
public final class XmppAdministration implements AutoCloseable {
    /** Most IQs on their way at once. */
    private static final int WINDOW = 64;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MAX_DOUBLINGS = 10;
    private static final String CLOSED = "closed (expected: requests before the end)";

    private final AdministrationConfig config;
    private final LongSupplier ticker;
    private final DomainBareJid server;
    private final ThreadPoolExecutor worker;

    // Confined to the worker, but for the first two, which close() reads.
    private volatile @Nullable XMPPTCPConnection connection;
    private volatile boolean closed;
    private int failures;
    private long notBefore;
    private String lastFailure = "";

    /** What is done with a connection. */
    private interface Work<T> {
        T on(XMPPTCPConnection open) throws IOException, SmackException, XMPPException, InterruptedException;
    }

    /** @param ticker nano time */
    public XmppAdministration(AdministrationConfig config, LongSupplier ticker) {
        SmackSetup.ensureDone();
        this.config = config;
        this.ticker = ticker;
        this.server = JidCreate.domainBareFromOrThrowUnchecked(config.domain());
        this.worker = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(config.maxWaiting()), runnable -> {
                    Thread thread = new Thread(runnable, "xmpp-administration");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Ends sessions; those that are gone already are ended, too. Fails with an {@link AdministrationException} when the server has not
     * confirmed all of them.
     *
     * @param jids full JIDs, each for one session, or bare ones, each for all sessions of an account
     * @return how many JIDs that were
     */
    public CompletableFuture<Integer> endSessions(Collection<String> jids) {
        List<String> all = List.copyOf(jids);
        return submit(open -> {
            end(open, all);
            return all.size();
        });
    }

    /** The full JIDs of all sessions of the domain, of every account and on every node; some 80 bytes each on the wire. */
    public CompletableFuture<List<String>> online() {
        return submit(open -> OnlineUsersIq.jids(open.sendIqRequestAndWaitForResponse(new OnlineUsersIq(server))));
    }

    private void end(XMPPTCPConnection open, List<String> jids)
            throws SmackException, XMPPException, IOException, InterruptedException {
        Queue<SmackFuture<IQ, Exception>> onTheirWay = new ArrayDeque<>();
        for (String jid : jids) {
            if (onTheirWay.size() == WINDOW) {
                await(onTheirWay.remove());
            }
            onTheirWay.add(open.sendIqRequestAsync(new EndSessionIq(server, jid)));
        }
        while (!onTheirWay.isEmpty()) {
            await(onTheirWay.remove());
        }
    }

    private static void await(SmackFuture<IQ, Exception> answer)
            throws SmackException, XMPPException, IOException, InterruptedException {
        try {
            answer.getOrThrow();
        } catch (SmackException | XMPPException | IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private <T> CompletableFuture<T> submit(Work<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            worker.execute(() -> run(work, done));
        } catch (RejectedExecutionException e) {
            String why = closed
                    ? CLOSED
                    : "requests that wait: more than " + config.maxWaiting() + " (expected: at most as many)";
            done.completeExceptionally(new AdministrationException(why, e));
        }
        return done;
    }

    private <T> void run(Work<T> work, CompletableFuture<T> done) {
        try {
            boolean wasOpen = isOpen();
            try {
                done.complete(work.on(opened()));
            } catch (IOException | SmackException e) {
                drop();
                if (!wasOpen) {
                    throw e;
                }
                done.complete(work.on(opened())); // it was lost while nobody used it
            }
        } catch (XMPPErrorException e) {
            done.completeExceptionally(new AdministrationException(
                    config + ": refused: " + e.getStanzaError().getCondition(), e));
        } catch (AdministrationException e) {
            done.completeExceptionally(e);
        } catch (Throwable e) { // whoever waits must not wait in vain
            drop();
            done.completeExceptionally(new AdministrationException(config + ": " + e, e));
        }
    }

    private boolean isOpen() {
        XMPPTCPConnection open = connection;
        return open != null && open.isAuthenticated();
    }

    private XMPPTCPConnection opened() throws InterruptedException {
        XMPPTCPConnection open = connection;
        if (open != null && open.isAuthenticated()) {
            return open;
        }
        drop();
        if (closed) {
            throw new AdministrationException(CLOSED, null);
        }
        if (failures > 0 && notBefore - ticker.getAsLong() > 0) {
            throw new AdministrationException(config + ": not reached: " + lastFailure, null);
        }
        List<InetSocketAddress> nodes = new ArrayList<>(config.nodes());
        Collections.shuffle(nodes);
        Exception last = null;
        for (InetSocketAddress node : nodes) {
            try {
                XMPPTCPConnection made = AdministrationStream.open(config, node);
                connection = made;
                failures = 0;
                return made;
            } catch (IOException | SmackException | XMPPException e) {
                last = e;
            }
        }
        pause();
        lastFailure = String.valueOf(last);
        throw new AdministrationException(config + ": not reached: " + lastFailure, last);
    }

    /** Full jitter. */
    private void pause() {
        long most = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        notBefore = ticker.getAsLong() + ThreadLocalRandom.current().nextLong(most + 1);
    }

    private void drop() {
        XMPPTCPConnection dropped = connection;
        connection = null;
        if (dropped != null) {
            dropped.instantShutdown();
        }
    }

    /** Requests that wait fail, and so does the one under way. */
    @Override
    public void close() {
        closed = true;
        worker.shutdown();
        List<Runnable> waiting = new ArrayList<>();
        worker.getQueue().drainTo(waiting);
        XMPPTCPConnection open = connection;
        if (open != null) {
            open.instantShutdown();
        }
        waiting.forEach(Runnable::run);
    }
}
