package org.channelgateway.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A gateway with the clock of the machine, that can be killed and started again with its data at the same address. */
final class KillableGateway implements AutoCloseable {
    static final String SECRET = "secret-of-a-process";

    private final Path folder;
    private GatewayProcess process;

    /** @param yaml its settings, with an app that has {@link #SECRET} */
    KillableGateway(Path folder, String yaml) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("gateway.yaml"), yaml);
        this.process = run(0);
    }

    private GatewayProcess run(int port) throws IOException {
        return new GatewayProcess(
                List.of(
                        "--config",
                        folder.resolve("gateway.yaml").toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--http",
                        "127.0.0.1:" + port),
                SECRET);
    }

    URI uri() {
        return process.uri();
    }

    ChannelApi api() {
        return process.api();
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.close();
    }

    /** Starts it again. */
    void start() throws IOException {
        process = run(uri().getPort());
    }

    @Override
    public void close() {
        process.close();
    }
}
