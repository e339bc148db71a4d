package org.channelgateway.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
    /** Answers that wait for slow subscribers. */
    private final Set<Reply> waiting;

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
        this.waiting = app == null ? Set.of() : ConcurrentHashMap.newKeySet(1);
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
        ChannelIqs.Answer answer = service.ask(asking, iq);
        Reply reply = new Reply(iq, answer.stanza());
        service.whenRead(asking, answer, reply);
        if (!reply.isDone()) {
            waiting.add(reply);
            if (reply.isDone()) { // meanwhile
                waiting.remove(reply);
            }
        }
    }

    /** An answer that is sent once: when the subscribers have read, or the client ends its stream before. */
    private final class Reply implements Runnable {
        private final XmlElement iq;
        private final XmlElement answer;
        private final AtomicBoolean done = new AtomicBoolean();

        Reply(XmlElement iq, XmlElement answer) {
            this.iq = iq;
            this.answer = answer;
        }

        boolean isDone() {
            return done.get();
        }

        @Override
        public void run() {
            if (!done.getAndSet(true)) {
                waiting.remove(this);
                reply(iq, answer);
            }
        }
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

    /** Answers all: the client ends its stream. */
    void end() {
        finish();
        List.copyOf(waiting).forEach(Reply::run);
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
