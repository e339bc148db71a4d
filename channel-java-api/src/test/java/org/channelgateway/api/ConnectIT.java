package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the first connection. */
final class ConnectIT {
    private final FakeGateway gateway = new FakeGateway(FakeGateway.Asked::publish);

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static RefusedException refused(ChannelConfig config) {
        return assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> ChannelClient.connect(config))
                .actual();
    }

    private static UnreachableException unreachable(ChannelConfig config) {
        UnreachableException failure = assertThatExceptionOfType(UnreachableException.class)
                .isThrownBy(() -> ChannelClient.connect(config))
                .actual();
        assertThat(failure.outcomeUnknown()).isFalse();
        return failure;
    }

    @Test
    void connectsAndSends() {
        try (ChannelClient client = gateway.connect()) {
            assertThat(client.isConnected()).isTrue();
            assertThat(client.sendMessage("k", "m")).isEqualTo(new Receipt("of the gateway", 1));
        }
    }

    @Test
    void isRefusedWithAWrongSecretOnceAndForAll() {
        gateway.loginFailure = "<not-authorized/><text xml:lang='en'>who are you?</text>";

        RefusedException refused = refused(gateway.config().build());

        assertThat(refused.condition()).isEqualTo("not-authorized");
        assertThat(refused.text()).isEqualTo("who are you?");
        assertThat(refused.temporary()).isFalse();
        assertThat(refused).hasMessage("not-authorized: who are you?");
        assertThat(gateway.logins()).isEqualTo(1);
    }

    @Test
    void saysThatALoginMaySucceedLater() {
        gateway.loginFailure = "<temporary-auth-failure/>";

        assertThat(refused(gateway.config().build()).temporary()).isTrue();
    }

    @Test
    void isRefusedByTheErrorOfAStream() {
        gateway.streamError =
                "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";

        RefusedException refused = refused(gateway.config().build());

        assertThat(refused).hasMessage("host-unknown");
        assertThat(refused.temporary()).isFalse();
    }

    @Test
    void saysWhereNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(unreachable(ChannelConfig.builder("xmpp://demo@127.0.0.1:" + port, "s")
                        .build()))
                .hasMessage("127.0.0.1:" + port + ": Connection refused");
    }

    @Test
    void saysThatANameIsNotKnown() {
        assertThat(unreachable(ChannelConfig.builder("xmpp://demo@nowhere.invalid", "s")
                        .build()))
                .hasMessage("nowhere.invalid:5222: its name is not known");
    }

    @Test
    void waitsForASilentGatewayNoLongerThanItMay() {
        gateway.mute = true;
        Instant start = Instant.now();

        assertThat(unreachable(
                        gateway.config().connectTimeout(Duration.ofMillis(300)).build()))
                .hasMessageEndingWith(": no connection in PT0.3S");

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void insistsOnTls() {
        String url = gateway.config().build().url().toString().replace("disabled", "required");

        assertThat(unreachable(ChannelConfig.builder(url, FakeGateway.SECRET).build()))
                .hasMessageEndingWith("it offers no TLS (expected: a gateway with a certificate)");
        assertThat(gateway.logins()).as("the secret was not sent").isZero();
    }

    @Test
    void endsWithTheThreadThatConnects() {
        gateway.mute = true;
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                gateway.connect();
            } catch (UnreachableException e) {
                thrown.complete(Thread.interrupted() ? e : new AssertionError("the interrupt was swallowed"));
            }
        });
        thread.start();

        assertThat(thrown.join()).hasMessage("interrupted while connecting");
    }
}
