package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.channelgateway.api.FakeGateway.Reply;
import org.junit.jupiter.api.Test;

/** What the gateway asks of a client. */
final class QuestionIT {
    private static FakeGateway asking(String question) {
        return new FakeGateway(request -> {
            request.connection().write(question);
            request.publish();
        });
    }

    private static Reply replyOf(FakeGateway gateway) {
        try (gateway;
                ChannelClient client = gateway.connect()) {
            client.sendMessage("k", "m");
            await().until(() -> !gateway.replies().isEmpty());
            client.sendMessage("k", "the connection is not worse for it");
            assertThat(gateway.logins()).isEqualTo(1);
            return gateway.replies().remove();
        }
    }

    @Test
    void answersAPing() {
        assertThat(replyOf(asking(
                        "<iq type='get' id='p1' from='localhost'><ping xmlns='urn:xmpp:ping'>&amp;</ping></iq>")))
                .isEqualTo(new Reply("p1", "result", "localhost", List.of()));
    }

    @Test
    void refusesWhateverElseItIsAsked() {
        assertThat(replyOf(asking("<iq type='set' id='q1' from='localhost'><query xmlns='jabber:iq:roster'>"
                        + "<item jid='a@b'/>&lt;</query></iq>")))
                .isEqualTo(new Reply("q1", "error", "localhost", List.of("error", "service-unavailable")));
    }

    @Test
    void answersTheServerThatDoesNotSayWhoItIs() {
        assertThat(replyOf(asking("<iq type='get' id='p2'><ping xmlns='urn:xmpp:ping'/></iq>")))
                .isEqualTo(new Reply("p2", "result", null, List.of()));
    }
}
