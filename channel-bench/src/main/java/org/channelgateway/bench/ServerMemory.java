package org.channelgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory of the server that is not a file's. */
record ServerMemory(long pid) {
    private static final List<String> COUNTED = List.of("RssAnon:", "RssShmem:");

    long kibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .map(line -> line.split("\\s+", -1))
                .filter(words -> COUNTED.contains(words[0]))
                .mapToLong(words -> Long.parseLong(words[1]))
                .sum();
    }
}
