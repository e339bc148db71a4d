package org.channelgateway.c2s;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty's connector, but that it tries only once a second while no connection can be accepted, as without a file descriptor: the one
 * that waits is still there, and Jetty would try again at once, with a trace in the log each time.
 *
 * <p>T1 accepts again, T2 is told at once that a client waits, and fails: the lock lets T2 stop only what T1 has noted.
 */
final class C2sConnector extends ServerConnector {
    private static final Logger LOG = LoggerFactory.getLogger(C2sConnector.class);
    private static final long PAUSE_MILLIS = 1000;

    private final ReentrantLock lock = new ReentrantLock();

    C2sConnector(Server server, ByteBufferPool pool, ConnectionFactory streams) {
        super(server, null, null, pool, 0, 1, streams);
    }

    /** Called by the constructor of the super class. */
    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new Accepting(executor, scheduler, selectors);
    }

    private void pause() {
        accept(false);
        getScheduler().schedule(() -> accept(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void accept(boolean accepts) {
        lock.lock();
        try {
            if (isRunning() && isOpen()) {
                setAccepting(accepts);
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Accepting extends ServerConnectorManager {
        Accepting(Executor executor, Scheduler scheduler, int selectors) {
            super(executor, scheduler, selectors);
        }

        @Override
        protected @Nullable SelectableChannel doAccept(SelectableChannel server) throws IOException {
            try {
                return super.doAccept(server);
            } catch (ClosedChannelException e) { // it stops
                throw e;
            } catch (IOException e) {
                LOG.warn("a client cannot be accepted, tried again in a second: {}", e.getMessage());
                pause();
                return null;
            }
        }
    }
}
