package org.channelgateway.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A gateway with the clock of the machine, that can be killed and started again with its data at the same addresses. */
final class KillableGateway implements AutoCloseable {
    static final String SECRET = "secret-of-a-process";

    private final Path folder;
    private GatewayProcess process;

    /** @param yaml its settings, with an app that has {@link #SECRET} */
    KillableGateway(Path folder, String yaml) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("gateway.yaml"), yaml);
        this.process = run(0, 0);
    }

    private GatewayProcess run(int http, int xmpp) throws IOException {
        return new GatewayProcess(
                List.of(
                        "--config",
                        folder.resolve("gateway.yaml").toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--http",
                        "127.0.0.1:" + http,
                        "--xmpp",
                        "127.0.0.1:" + xmpp),
                SECRET);
    }

    URI uri() {
        return process.uri();
    }

    InetSocketAddress xmpp() {
        return process.xmpp();
    }

    ChannelApi api() {
        return process.api();
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.close();
    }

    /** Ends it with SIGTERM. */
    void stop() throws InterruptedException {
        process.sigterm();
        int status = process.status();
        if (status != 0) {
            throw new AssertionError("status: " + status + " (expected: 0)");
        }
        process.close();
    }

    /** Starts it again. */
    void start() throws IOException {
        process = run(uri().getPort(), xmpp().getPort());
    }

    @Override
    public void close() {
        process.close();
    }
}
