package org.channelgateway.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/**
 * What one client asks the channel service, in its order. Requests to create that come one right after the other are put off until
 * something else comes, or the end of what came together, and are then done together. Confined to the thread that hands up the
 * stanzas of its client.
 */
final class ServiceRequests {
    private static final int MOST_CREATES = 64;

    private final ChannelIqs service;
    private final ClientTransport transport;
    private final @Nullable String app;
    private final BiConsumer<XmlElement, @Nullable String> replies;
    private List<XmlElement> creates = List.of();

    /**
     * @param app who asks; null for a subscriber
     * @param replies takes an answer and the address that was asked
     */
    ServiceRequests(
            ChannelIqs service,
            ClientTransport transport,
            @Nullable String app,
            BiConsumer<XmlElement, @Nullable String> replies) {
        this.service = service;
        this.transport = transport;
        this.app = app;
        this.replies = replies;
    }

    void ask(XmlElement iq) {
        if (app == null) {
            reply(iq, service.answer(null, iq));
        } else if (ChannelIqs.isCreate(iq)) {
            putOff(app, iq);
        } else {
            ask(app, iq);
        }
    }

    private void ask(String asking, XmlElement iq) {
        finish();
        if (ChannelIqs.asksRegistry(iq)) {
            transport.flush();
        }
        XmlElement answer = service.answer(asking, iq);
        service.whenRead(asking, iq, () -> reply(iq, answer));
    }

    private void putOff(String asking, XmlElement create) {
        if (creates.isEmpty()) {
            creates = new ArrayList<>();
        }
        creates.add(create);
        if (creates.size() == MOST_CREATES) {
            create(asking);
        }
    }

    /** Does what was put off. */
    void finish() {
        if (app != null && !creates.isEmpty()) {
            create(app);
        }
    }

    private void create(String asking) {
        List<XmlElement> together = creates;
        creates = List.of();
        transport.flush();
        List<XmlElement> answers = service.answerCreates(asking, together);
        for (int i = 0; i < together.size(); i++) {
            reply(together.get(i), answers.get(i));
        }
    }

    private void reply(XmlElement iq, XmlElement answer) {
        replies.accept(answer, iq.attribute("to"));
    }
}
