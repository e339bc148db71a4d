package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens as time goes by, over real sockets. */
@Timeout(60)
class C2sTimeIT {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final C2sFixture gateway = new C2sFixture();

    C2sTimeIT() throws IOException {}

    @AfterEach
    void nothingIsLeft() {
        gateway.awaitNoConnection();
        gateway.close();
    }

    @Test
    void endsAClientThatDoesNotLogInInTime() throws IOException {
        try (XmppSocket mute = gateway.connect();
                XmppSocket begun = gateway.connect();
                XmppSocket slow = gateway.connect()) {
            begun.send(XmppSocket.HEADER).await("</stream:features>");
            await().until(() -> gateway.server.count() == 3);
            gateway.move(C2sFixture.LOGIN.minus(SECOND));
            slow.send("<?xml version='1.0'?>");
            begun.send("<iq id='1'/>").await("id='1'/>");
            gateway.move(SECOND);
            assertThat(mute.readToEnd())
                    .startsWith("<?xml version='1.0'?><stream:stream ")
                    .contains("<stream:error><connection-timeout ");
            assertThat(begun.readToEnd()).startsWith("<stream:error><connection-timeout ");
            assertThat(slow.readToEnd()).contains("<stream:error><connection-timeout ");
            assertThat(gateway.stream().events).containsExactly("iq 1", "closed");
        }
    }

    @Test
    void pingsNobodyBetweenTwoStreams() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send("<auth/>").await("<success/>");
            gateway.move(C2sFixture.IDLE.dividedBy(2));
            gateway.move(SECOND);
            client.send(XmppSocket.HEADER);
            assertThat(client.await("</stream:features>")).doesNotContain("ping");
        }
    }

    @Test
    void pingsASilentClientAndEndsItWhenItStaysSilent() throws IOException {
        try (XmppSocket client = gateway.login()) {
            gateway.move(C2sFixture.IDLE.dividedBy(2).minus(SECOND));
            gateway.move(SECOND);
            assertThat(client.await("</iq>"))
                    .isEqualTo("<iq xmlns='jabber:client' type='get' id='ping-1' from='localhost'>"
                            + "<ping xmlns='urn:xmpp:ping'/></iq>");
            gateway.move(C2sFixture.IDLE.dividedBy(2).minus(SECOND));
            assertThat(gateway.stream().events).doesNotContain("closed");
            gateway.move(SECOND);
            assertThat(client.readToEnd()).startsWith("<stream:error><connection-timeout ");
            assertThat(gateway.stream().events).endsWith("closed");
        }
    }

    @Test
    void keepsTheAnswerToAPingForItself() throws IOException {
        try (XmppSocket client = gateway.login()) {
            for (int i = 1; i <= 4; i++) {
                gateway.move(C2sFixture.IDLE.dividedBy(2));
                client.await("<ping xmlns='urn:xmpp:ping'/></iq>");
                client.send("<iq type='" + (i % 2 == 0 ? "result" : "error") + "' id='ping-" + i + "'/>");
                client.send("<iq id='" + i + "'/>").await("id='" + i + "'/>");
            }
            assertThat(gateway.stream().events).containsExactly("auth", "restart", "iq 1", "iq 2", "iq 3", "iq 4");
        }
    }

    @Test
    void closesAClientThatDoesNotCloseAfterTheEnd() throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.send("<iq>&</iq>");
            assertThat(client.readToEnd()).contains("<not-well-formed ");
            assertThat(gateway.server.count()).isEqualTo(1);
            gateway.move(SECOND);
            gateway.move(SECOND);
            await().until(() -> gateway.server.count() == 0);
        }
    }

    @Test
    void tellsEveryClientThatTheGatewayStops() throws IOException {
        try (XmppSocket mute = gateway.connect();
                XmppSocket client = gateway.login()) {
            await().until(() -> gateway.server.count() == 2);
            long before = System.nanoTime();
            gateway.server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            assertThat(client.readToEnd())
                    .isEqualTo("<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                            + "</stream:error></stream:stream>");
            assertThat(mute.readToEnd())
                    .endsWith("<stream:error><system-shutdown"
                            + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
            assertThatThrownBy(() -> new Socket(
                                    gateway.server.address().getAddress(),
                                    gateway.server.address().getPort())
                            .close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void stopsSoonAlsoWhenAClientDoesNotRead() throws IOException {
        try (XmppSocket client = gateway.login()) {
            FakeStream stream = gateway.stream();
            String large = "<message>" + "x".repeat(100_000) + "</message>";
            while (stream.send(large)) {}
            long before = System.nanoTime();
            gateway.server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            assertThat(client.socket().isConnected()).isTrue();
        }
    }
}
