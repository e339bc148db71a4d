package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that may open no more files, and so can accept no client. */
@Timeout(120)
final class NoDescriptorsIT {
    private static final int SOCKETS = 30;
    private static final List<String> DOORS = List.of("C2sConnector", "ClientConnector");

    @TempDir
    Path folder;

    /** As many as it has open at this moment, and a few. */
    private static void bound(GatewayProcess gateway, int more) throws IOException, InterruptedException {
        long open;
        try (Stream<Path> files = Files.list(Path.of("/proc/" + gateway.pid() + "/fd"))) {
            open = files.count();
        }
        assertThat(new ProcessBuilder(
                                "prlimit", "--pid", Long.toString(gateway.pid()), "--nofile=" + (open + more) + ":")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static long refusals(GatewayProcess gateway, String door) {
        return gateway.lines().stream()
                .filter(line -> line.contains(door) && line.contains("a client cannot be accepted"))
                .count();
    }

    @Test
    void saysSoOnceASecondAndServesAgainWhenThereAreSome() throws Exception {
        List<Socket> held = new ArrayList<>();
        try (GatewayProcess gateway = new GatewayProcess(folder.resolve("data"), List.of(), Map.of())) {
            assertThat(gateway.api().send("key", "nobody listens")).isZero();
            InetSocketAddress xmpp = gateway.xmpp();
            bound(gateway, SOCKETS);
            long began = System.nanoTime();
            for (int i = 0; i < SOCKETS; i++) {
                held.add(new Socket(xmpp.getAddress(), xmpp.getPort()));
                held.add(new Socket(gateway.uri().getHost(), gateway.uri().getPort()));
            }
            for (String door : DOORS) {
                await().until(() -> refusals(gateway, door) >= 3);
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
                assertThat(refusals(gateway, door)).as(door).isLessThanOrEqualTo(seconds + 2);
            }
            assertThat(gateway.lines()).noneMatch(line -> line.stripLeading().startsWith("at "));

            for (Socket socket : held) {
                socket.close();
            }
            await().ignoreExceptions().until(() -> gateway.api().send("key", "nobody listens") == 0);
            try (Socket client = new Socket(xmpp.getAddress(), xmpp.getPort())) {
                client.setSoTimeout(20_000);
                client.getOutputStream().write(TcpClient.HEADER.getBytes(StandardCharsets.UTF_8));
                assertThat(client.getInputStream().read()).isEqualTo('<');
            }
        }
    }
}
