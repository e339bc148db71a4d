package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process of its own, and the signals that end it. */
final class SigtermIT {
    @TempDir
    Path folder;

    private @Nullable GatewayProcess process;

    @AfterEach
    void kill() {
        if (process != null) {
            process.close();
        }
    }

    private GatewayProcess start(String spread, String limit) throws IOException {
        GatewayProcess started = new GatewayProcess(
                folder.resolve("data"),
                List.of(),
                Map.of("CHANNEL_SHUTDOWN_SPREAD", spread, "CHANNEL_SHUTDOWN_LIMIT", limit));
        process = started;
        return started;
    }

    private static int ready(URI gateway) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("readyz")).build();
        return ChannelApi.send(ChannelApi.client(), request).statusCode();
    }

    @Test
    void tellsEveryHeldPollAndEndsWithStatus0() throws Exception {
        GatewayProcess gateway = start("1s", "60s");
        String token = gateway.api().token("k");
        try (HeldPoll one = new HeldPoll(gateway.uri(), token);
                HeldPoll two = new HeldPoll(gateway.uri(), token);
                HeldPoll three = new HeldPoll(gateway.uri(), token)) {
            gateway.sigterm();
            for (HeldPoll poll : new HeldPoll[] {one, two, three}) {
                assertThat(poll.answer()).contains("type='terminate' condition='system-shutdown'");
            }
        }
        assertThat(gateway.status()).isZero();
    }

    @Test
    void endsAtOnceWhenItIsToldASecondTime() throws Exception {
        GatewayProcess gateway = start("600s", "900s");
        String token = gateway.api().token("k");
        try (HeldPoll first = new HeldPoll(gateway.uri(), token);
                HeldPoll second = new HeldPoll(gateway.uri(), token)) {
            assertThat(first).isNotEqualTo(second);
            gateway.sigterm();
            await().until(() -> ready(gateway.uri()) == 503);
            gateway.sigterm();
            assertThat(gateway.status()).isZero();
        }
    }

    @Test
    void endsAtItsLimitWhateverIsUnderWay() throws Exception {
        GatewayProcess gateway = start("0s", "2s");
        try (Socket socket = new Socket(gateway.uri().getHost(), gateway.uri().getPort())) {
            OutputStream out = socket.getOutputStream();
            String secret = gateway.api().secret();
            out.write(("POST /v1/channels HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + secret
                            + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes("HTTP/1.1 100 ".length()))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("HTTP/1.1 100 "); // the request is under way, and its body never comes
            gateway.sigterm();
            assertThat(gateway.status()).isZero();
        }
    }
}
