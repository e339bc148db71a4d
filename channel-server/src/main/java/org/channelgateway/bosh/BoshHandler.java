package org.channelgateway.bosh;

import java.util.List;
import org.channelgateway.http.Call;
import org.channelgateway.http.Route;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /http-bind}: reads a body under limits and hands it to its session. Thread-safe. */
public final class BoshHandler {
    private static final Logger LOG = LoggerFactory.getLogger(BoshHandler.class);
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ATTRIBUTES = 64;
    private static final int MAX_ELEMENTS = 1000;

    private final BoshSessions sessions;
    private final StreamApplication application;
    private final boolean mayCreate;
    private final XmlReader reader;

    /** @param mayCreate false when only sessions made by {@link BoshSessions#attach} are served */
    public BoshHandler(BoshSessions sessions, StreamApplication application, boolean mayCreate) {
        this.sessions = sessions;
        this.mayCreate = mayCreate;
        this.application = application;
        this.reader =
                new XmlReader(new XmlLimits(sessions.config().maxBodyBytes(), MAX_DEPTH, MAX_ATTRIBUTES, MAX_ELEMENTS));
    }

    public Route route() {
        return Route.post("/http-bind", this::handle).crossOrigin();
    }

    private void handle(Call call) {
        HttpExchange exchange = new HttpExchange(call);
        call.body(
                sessions.config().maxBodyBytes(),
                bytes -> receive(bytes, exchange),
                () -> exchange.answer(BoshXml.terminate(BindingCondition.POLICY_VIOLATION, null, List.of())));
    }

    private void receive(byte[] bytes, Exchange exchange) {
        BoshRequest request;
        try {
            request = BoshXml.read(reader, bytes);
        } catch (BoshException e) {
            LOG.debug("refused a request: {}", e.getMessage());
            exchange.answer(BoshXml.terminate(e.condition(), null, List.of()));
            return;
        }
        BoshRequest.Creation asked = request.creation();
        if (asked != null) {
            create(request, asked, exchange);
            return;
        }
        BoshSession session = sessions.find(request.sid());
        if (session == null) {
            exchange.answer(sessions.isStopping() ? BoshXml.STOPPING : BoshXml.NOT_FOUND);
        } else {
            session.receive(request, exchange);
        }
    }

    private void create(BoshRequest request, BoshRequest.Creation asked, Exchange exchange) {
        if (sessions.isStopping()) {
            exchange.answer(BoshXml.STOPPING);
            return;
        }
        if (!mayCreate) {
            exchange.answer(BoshXml.terminate(BindingCondition.POLICY_VIOLATION, null, List.of()));
            return;
        }
        if (!application.serves(asked.to())) {
            exchange.answer(BoshXml.terminate(BindingCondition.HOST_UNKNOWN, null, List.of()));
            return;
        }
        BoshSession session;
        try {
            session = sessions.create(request, asked, exchange.address(), application);
        } catch (RuntimeException e) {
            LOG.error("a session could not be opened", e);
            exchange.answer(BoshXml.terminate(BindingCondition.INTERNAL_SERVER_ERROR, null, List.of()));
            return;
        }
        session.created(request, exchange, asked.to());
    }
}
