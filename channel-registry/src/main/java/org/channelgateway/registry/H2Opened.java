package org.channelgateway.registry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.api.ErrorCode;

/** What one opening of the H2 file in the data directory made. No H2 server or console is ever started. */
record H2Opened(H2Compaction compaction, HikariDataSource pool) implements AutoCloseable {
    private static final String NAME = "registry";
    private static final String USER = "sa";
    private static final int CONNECTIONS = 8;
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);

    // WRITE_DELAY: a commit returns when its pages are with the operating system, so it survives a kill of the process.
    // RETENTION_TIME: dead chunks wait that long for the disk before their place is used again, 45 s of garbage
    // otherwise. PAGE_SIZE: a commit writes whole pages, small ones keep the file small. CACHE_SIZE in KiB: pages are
    // written
    // once more all the time, and each that is kept is copied by the garbage collector. The gateway closes it, not
    // H2's exit hook.
    private static final String OPTIONS =
            ";WRITE_DELAY=0;RETENTION_TIME=1000;PAGE_SIZE=4096;CACHE_SIZE=2048;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    static H2Opened open(Path data) {
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
        return new H2Opened(compaction, new HikariDataSource(config(url)));
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

    PoolState state() {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        return connections == null // until the first one is asked for
                ? new PoolState(0, 0, 0, CONNECTIONS)
                : new PoolState(
                        connections.getActiveConnections(),
                        connections.getIdleConnections(),
                        connections.getThreadsAwaitingConnection(),
                        CONNECTIONS);
    }

    /** True after a failure, too. */
    boolean isClosed() {
        return compaction.isOfClosedFile();
    }

    @Override
    public void close() {
        pool.close();
        compaction.close(); // its connection is the last: H2 closes the file
    }
}
