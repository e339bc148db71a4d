package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.channelgateway.api.FakeGateway.Asked;
import org.channelgateway.api.appengine.ChannelCalls;
import org.channelgateway.api.appengine.SharedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the calls of the App Engine API reach a gateway that refuses them. */
final class SharedCallsIT {
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Asked> script = Asked::publish;
    private final FakeGateway gateway = new FakeGateway(request -> {
        asked.add(request);
        script.accept(request);
    });
    private final ChannelCalls calls = new ChannelCalls(IllegalStateException::new);

    @BeforeEach
    void configure() {
        System.setProperty("CHANNEL_URL", "xmpp://demo@127.0.0.1:" + gateway.port());
        System.setProperty("CHANNEL_SECRET", FakeGateway.SECRET);
    }

    @AfterEach
    void stop() {
        System.clearProperty("CHANNEL_URL");
        System.clearProperty("CHANNEL_SECRET");
        SharedClient.get().close();
        gateway.close();
    }

    @Test
    void isOnceWhenTheAnswerCannotBeRead() {
        script = request -> request.answer("<published id='1'/>");

        assertThatIllegalStateException()
                .isThrownBy(() -> calls.sendMessage("k", "m"))
                .havingCause()
                .isInstanceOf(RefusedException.class);

        assertThat(asked).hasSize(1);
        assertThat(gateway.logins()).isEqualTo(1);
    }

    @Test
    void isTwiceWhenNothingWasDoneAndANewConnectionMayHelp() {
        script = request -> {
            if (asked.size() == 1) {
                request.refuse("auth", "not-authorized", "");
            } else {
                request.publish();
            }
        };

        calls.sendMessage("k", "m");

        assertThat(asked).hasSize(2);
        assertThat(gateway.logins()).isEqualTo(2);
    }
}
