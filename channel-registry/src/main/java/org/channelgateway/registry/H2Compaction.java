package org.channelgateway.registry;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the space of an H2 file while it is in use, a little at a time: H2 appends a chunk with each commit and can use a
 * chunk's place again only when nothing in it is live. H2's own thread for this does not run with {@code WRITE_DELAY=0}; with
 * that thread a commit may return before its pages are written. Holds a connection, so that the file stays open. Thread-safe.
 */
final class H2Compaction implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(H2Compaction.class);

    private static final int WORTH_BYTES = 8 << 20;
    private static final int STEP_BYTES = 2 << 20; // commits wait for a step
    private static final int LIVE_PERCENT = 50;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int SYNC_STEPS = 5;
    private static final int SEARCH_STEPS = 10;
    private static final Duration LAST_STEP = Duration.ofSeconds(10);

    private final Connection connection;
    private final MVStore store;
    private final RandomAccessStore file;
    private final H2LostPages lostPages;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(H2Compaction::newThread);
    private boolean failed; // confined to the executor's thread, as what follows
    private long synced;
    private int sinceSync;
    private int sinceSearch;

    private H2Compaction(Connection connection, MVStore store) {
        this.connection = connection;
        this.store = store;
        file = (RandomAccessStore) store.getFileStore();
        lostPages = new H2LostPages(store, file);
    }

    /** Starts to compact the database of this connection, which from now on belongs to the compaction. */
    static H2Compaction start(Connection connection) throws SQLException {
        SessionLocal session =
                (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        H2Compaction compaction =
                new H2Compaction(connection, session.getDatabase().getStore().getMvStore());
        Future<?> unused = compaction.executor.scheduleWithFixedDelay(
                compaction::run, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return compaction;
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "registry-compaction");
        thread.setDaemon(true);
        return thread;
    }

    private void run() {
        try {
            if (!store.isClosed()) {
                step();
                sync();
            }
            failed = false;
        } catch (Throwable e) { // a scheduled task that throws is never run again
            if (!failed) {
                log.warn("the registry's file was not compacted, trying on", e);
            }
            failed = true;
        }
    }

    /** Once a second what was written goes to the disk, so that a loss of power finds a file that opens. */
    private void sync() {
        long version = store.getCurrentVersion();
        if (version != synced && ++sinceSync >= SYNC_STEPS) {
            store.sync();
            synced = version;
            sinceSync = 0;
        }
    }

    /** Writes live pages of mostly dead chunks once more, then moves chunks from the end of the file into its gaps. */
    private void step() {
        if (file.size() < WORTH_BYTES) {
            return;
        }
        if (file.getChunksFillRate() < LIVE_PERCENT) {
            releaseLostPages();
            store.compact(LIVE_PERCENT, STEP_BYTES);
            store.executeFilestoreOperation(file::dropUnusedChunks); // else only done when there is something to store
            store.commit();
        }
        if (file.getFillRate() < LIVE_PERCENT) {
            file.compactMoveChunks(LIVE_PERCENT, STEP_BYTES, store);
        }
    }

    private void releaseLostPages() {
        if (++sinceSearch >= SEARCH_STEPS) {
            sinceSearch = 0;
            int released = lostPages.release();
            if (released > 0) {
                log.debug("{} pages that H2 had lost were released", released);
            }
        }
    }

    /** Waits for a step under way; never interrupts it, because an interrupt closes the file below H2. */
    @Override
    public void close() {
        executor.shutdown();
        try (connection) {
            if (!executor.awaitTermination(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("a compaction of the registry's file did not end within {}", LAST_STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new RegistryException("the registry's file was not closed: " + e.getMessage(), e);
        }
    }
}
