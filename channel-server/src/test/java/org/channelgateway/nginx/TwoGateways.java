package org.channelgateway.nginx;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.channelgateway.config.ConfigException;
import org.channelgateway.server.RunningGateway;

/** Two gateways that know nothing of each other, behind nginx as several are: its log says which one a request went to. */
final class TwoGateways implements AutoCloseable {
    private final RunningGateway first;
    private final RunningGateway second;
    private final NginxProcess nginx;

    TwoGateways(Path folder) throws IOException, ConfigException {
        first = RunningGateway.start(Files.createDirectory(folder.resolve("first")), "");
        second = RunningGateway.start(Files.createDirectory(folder.resolve("second")), "");
        nginx = new NginxProcess("cluster", Map.of(), first.uri(), second.uri());
    }

    NginxProcess nginx() {
        return nginx;
    }

    void stopFirst() {
        first.close();
    }

    /** As the log has it. */
    String first() {
        return first.uri().getAuthority();
    }

    /** As the log has it. */
    String second() {
        return second.uri().getAuthority();
    }

    /**
     * Those that some requests go to.
     *
     * @param path how the paths of these requests begin, and of no others
     * @param count how many requests that are
     */
    List<String> of(String path, int count, Runnable requests) {
        int before = logged(path).size();
        requests.run();
        await().until(() -> logged(path).size() == before + count);
        return logged(path).stream()
                .skip(before)
                .map(line -> line.replaceAll(".* (127\\.0\\.0\\.1:\\d+) .*", "$1"))
                .distinct()
                .toList();
    }

    private List<String> logged(String path) {
        try {
            return nginx.accesses().stream()
                    .filter(line -> line.contains(" POST " + path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        nginx.close();
        second.close();
        first.close();
    }
}
