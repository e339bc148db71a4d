package org.channelgateway.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of one process: an H2 file. H2 closes it for good after a write that failed, as on a full disk. It is then opened
 * again by a call that finds it so, at most once in {@link #PAUSE}. Thread-safe.
 */
final class H2File implements Storage {
    private static final Logger LOG = LoggerFactory.getLogger(H2File.class);

    /** Least time between two attempts to open the file again. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final Path data;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock(); // held while the file is opened; only close waits for it

    private volatile @Nullable H2Opened opened; // null from a failure until the file is open again

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private long nextAttempt;

    @GuardedBy("lock")
    private boolean attemptFailed;

    private H2File(Path data, H2Opened opened, LongSupplier ticker) {
        this.data = data;
        this.opened = opened;
        this.ticker = ticker;
        this.nextAttempt = ticker.getAsLong();
    }

    static H2File open(Path data) {
        return open(data, System::nanoTime);
    }

    /** @param ticker nanoseconds */
    static H2File open(Path data, LongSupplier ticker) {
        return new H2File(data, H2Opened.open(data), ticker);
    }

    @Override
    public DataSource connections() {
        H2Opened now = opened;
        if (now == null || now.isClosed()) {
            now = openAgain(now);
        }
        if (now == null) {
            throw RegistryException.brief("the registry's file is closed; after a failure it is opened again");
        }
        return now.pool();
    }

    @Override
    public void failed(DataSource connections, SQLException failure) {
        H2Opened now = opened;
        if (now != null && now.pool() == connections && isClosed(failure)) {
            H2Opened unused = openAgain(now);
        }
    }

    private static boolean isClosed(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED) {
                return true;
            }
        }
        return false;
    }

    /** Returns what is open then; null when it is not time yet, or another thread is at it. */
    private @Nullable H2Opened openAgain(@Nullable H2Opened broken) {
        if (!lock.tryLock()) {
            return null;
        }
        try {
            if (!closed && Objects.equals(opened, broken)) {
                opened = null; // calls that come meanwhile are refused
                closeQuietly(broken);
                opened = ticker.getAsLong() - nextAttempt >= 0 ? attempt() : null;
            }
            return closed ? null : opened;
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(@Nullable H2Opened broken) {
        try {
            if (broken != null) {
                broken.close();
            }
        } catch (RuntimeException e) {
            LOG.debug("what was left of the file did not close", e);
        }
    }

    @GuardedBy("lock")
    private @Nullable H2Opened attempt() {
        try {
            H2Opened again = H2Opened.open(data);
            attemptFailed = false;
            LOG.warn("the registry's file was closed by a failure and is open again");
            return again;
        } catch (RuntimeException e) {
            if (!attemptFailed) {
                LOG.error("the registry's file cannot be opened again, trying on", e);
            }
            attemptFailed = true;
            return null;
        } finally {
            nextAttempt = ticker.getAsLong() + PAUSE.toNanos();
        }
    }

    @Override
    public Vendor vendor() {
        return Vendor.H2;
    }

    /** None while the file is closed. */
    @Override
    public PoolState pool() {
        H2Opened now = opened;
        return now == null ? new PoolState(0, 0, 0, 0) : now.state();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            H2Opened now = opened;
            if (now != null) {
                now.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
