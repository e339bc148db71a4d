package org.channelgateway.registry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.api.ErrorCode;

/** The database of one process: an H2 file in the data directory. No H2 server or console is ever started. */
final class H2File {
    private static final String NAME = "registry";
    private static final int CONNECTIONS = 8;
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);

    // WRITE_DELAY: a commit returns when its pages are with the operating system, so it survives a kill of the process.
    // PAGE_SIZE: a commit writes whole pages, small ones keep the file small. The gateway closes it, not H2's exit
    // hook.
    private static final String OPTIONS = ";WRITE_DELAY=0;PAGE_SIZE=4096;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    private H2File() {}

    static HikariDataSource open(Path data) {
        Path directory = data.toAbsolutePath().normalize();
        try {
            makeForOwner(directory);
        } catch (IOException e) {
            throw new RegistryException(
                    "data: " + directory + " (expected: a directory that this process can make and write)", e);
        }
        try {
            return new HikariDataSource(config(directory));
        } catch (RuntimeException e) {
            throw new RegistryException(whyNot(directory, e), e);
        }
    }

    /** Both belong to the owner only: the file, too, because the directory may have been there before. */
    private static void makeForOwner(Path directory) throws IOException {
        Files.createDirectories(directory, permissions(directory, "rwx------"));
        Path file = directory.resolve(NAME + ".mv.db");
        try {
            Files.createFile(file, permissions(directory, "rw-------")); // H2 takes an empty file for a new one
        } catch (FileAlreadyExistsException e) {
            if (!Files.isWritable(file)) {
                throw e;
            }
        }
    }

    private static FileAttribute<?>[] permissions(Path directory, String posix) {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))};
    }

    private static HikariConfig config(Path directory) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(NAME);
        config.setJdbcUrl("jdbc:h2:file:" + directory.resolve(NAME) + OPTIONS);
        config.setUsername("sa");
        config.setPassword("");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMaxLifetime(0); // H2 closes its file with the last connection
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        return config;
    }

    private static String whyNot(Path directory, Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
                return "data: " + directory + " is in use by another process (expected: one gateway per directory)";
            }
        }
        return "data: " + directory + " holds no registry that can be opened: " + e.getMessage();
    }
}
