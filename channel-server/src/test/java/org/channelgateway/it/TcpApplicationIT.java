package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link ApplicationContract} over TCP. */
final class TcpApplicationIT extends ApplicationContract {
    TcpApplicationIT() {
        super(WireClient.Transport.TCP);
    }

    @Test
    void isAnsweredBeforeTheEndThatCameWithItsRequests() {
        WireClient app = guestbook();
        String all = toService("set", 1, "<create key='%s'/>") + toService("set", 2, "<create key='%s'/>");
        List<String> ids = List.of(
                app.ask(all + "</stream:stream>").getAttribute("id"), app.next().getAttribute("id"));
        assertThat(ids).containsExactly("1", "2");
    }
}
