package org.channelgateway.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the newest commit in the H2 file of a process that was killed. H2 2.5.252 alone may not: when a chunk is not where the
 * one before it said, the file's header is written before that chunk counts as the last, so the header leads to the one before
 * and, for up to 20 commits, nothing leads to the newer ones. They are found by looking at each block.
 */
final class H2Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(H2Recovery.class);

    private static final int HEADER_BYTES = 4096; // the first of two copies
    private static final String CLEAN = ",clean:1,"; // there from a close to the next commit

    private H2Recovery() {}

    /** Leaves the file as if it had been closed after its newest commit; what is no such file, or in use, as it is. */
    static void run(Path file) throws IOException {
        if (Files.size(file) == 0 || header(file).contains(CLEAN)) {
            return;
        }
        try {
            new MVStore.Builder()
                    .fileName(file.toString())
                    .autoCommitDisabled()
                    .recoveryMode()
                    .open()
                    .close();
            LOG.info("the registry was not closed last time, its newest commit was looked for");
        } catch (MVStoreException e) {
            LOG.debug("left to H2 to refuse", e);
        }
    }

    private static String header(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEADER_BYTES), StandardCharsets.ISO_8859_1);
        }
    }
}
