package org.channelgateway.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database of one process: an H2 file in the data directory. No H2 server or console is ever started. Thread-safe. */
final class H2File implements Database.Source, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(H2File.class);

    private static final String NAME = "registry";
    private static final String USER = "sa";
    private static final int CONNECTIONS = 8;
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);

    // WRITE_DELAY: a commit returns when its pages are with the operating system, so it survives a kill of the process.
    // RETENTION_TIME: dead chunks wait that long for the disk before their place is used again, 45 s of garbage
    // otherwise. PAGE_SIZE: a commit writes whole pages, small ones keep the file small. The gateway closes it, not
    // H2's exit hook.
    private static final String OPTIONS =
            ";WRITE_DELAY=0;RETENTION_TIME=1000;PAGE_SIZE=4096;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    /** What one opening of the file made. */
    private record Opened(H2Compaction compaction, HikariDataSource pool) {
        void close() {
            pool.close();
            compaction.close(); // its connection is the last: H2 closes the file
        }
    }

    private final Path data;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean closed;

    private volatile Opened opened;

    private H2File(Path data, Opened opened) {
        this.data = data;
        this.opened = opened;
    }

    static H2File open(Path data) {
        return new H2File(data, openFile(data));
    }

    private static Opened openFile(Path data) {
        Path directory = data.toAbsolutePath().normalize();
        try {
            H2Recovery.run(makeForOwner(directory));
        } catch (IOException e) {
            throw new RegistryException(
                    "data: " + directory + " (expected: a directory that this process can make and write)", e);
        }
        String url = "jdbc:h2:file:" + directory.resolve(NAME) + OPTIONS;
        H2Compaction compaction;
        try {
            compaction = H2Compaction.start(DriverManager.getConnection(url, USER, ""));
        } catch (SQLException e) {
            throw new RegistryException(whyNot(directory, e), e);
        }
        return new Opened(compaction, new HikariDataSource(config(url)));
    }

    /** Both belong to the owner only: the file, too, because the directory may have been there before. */
    private static Path makeForOwner(Path directory) throws IOException {
        Files.createDirectories(directory, permissions(directory, "rwx------"));
        Path file = directory.resolve(NAME + ".mv.db");
        try {
            Files.createFile(file, permissions(directory, "rw-------")); // H2 takes an empty file for a new one
        } catch (FileAlreadyExistsException e) {
            if (!Files.isWritable(file)) {
                throw e;
            }
        }
        return file;
    }

    private static FileAttribute<?>[] permissions(Path directory, String posix) {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))};
    }

    /** No connection is made ahead: the compaction's keeps the file open and has shown that it can be. */
    private static HikariConfig config(String url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(NAME);
        config.setJdbcUrl(url);
        config.setUsername(USER);
        config.setPassword("");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        return config;
    }

    private static String whyNot(Path directory, SQLException e) {
        return e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                ? "data: " + directory + " is in use by another process (expected: one gateway per directory)"
                : "data: " + directory + " holds no registry that can be opened: " + e.getMessage();
    }

    @Override
    public DataSource connections() {
        return opened.pool;
    }

    /** H2 closes the file for good after a write that failed, as on a full disk: it is opened again. */
    @Override
    public void failed(DataSource connections, SQLException failure) {
        if (isClosed(failure)) {
            lock.lock();
            try {
                if (!closed && opened.pool == connections) {
                    LOG.warn("the registry's file was closed after a failure, opening it again", failure);
                    closeQuietly(opened);
                    opened = openFile(data);
                }
            } finally {
                lock.unlock();
            }
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

    private static void closeQuietly(Opened broken) {
        try {
            broken.close();
        } catch (RuntimeException e) {
            LOG.debug("what was left of the file did not close", e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            opened.close();
        } finally {
            lock.unlock();
        }
    }
}
