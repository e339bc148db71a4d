package org.channelgateway.bosh;

import java.util.List;
import org.channelgateway.http.Call;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.StanzaLimits;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /http-bind}: reads a body under limits and hands it to its session. Thread-safe. */
public final class BoshHandler {
    /** Where all sessions are polled. */
    public static final String PATH = "/http-bind";

    private static final Logger LOG = LoggerFactory.getLogger(BoshHandler.class);

    private final BoshSessions sessions;
    private final StreamApplication application;
    private final CreationPace pace;
    private final boolean mayCreate;
    private final XmlReader reader;
    /** Longest body of who has not logged in. */
    private final int loginBytes;

    /** One that lets in whoever comes. */
    public BoshHandler(BoshSessions sessions, StreamApplication application, boolean mayCreate) {
        this(sessions, application, mayCreate, StanzaLimits.DEFAULT, Pacer.none(), new RefusalCounts());
    }

    /**
     * @param mayCreate false when only sessions made by {@link BoshSessions#attach} are served
     * @param limits what one body may cost
     * @param pacer lets new sessions in
     */
    public BoshHandler(
            BoshSessions sessions,
            StreamApplication application,
            boolean mayCreate,
            StanzaLimits limits,
            Pacer pacer,
            RefusalCounts refusals) {
        this.sessions = sessions;
        this.pace = new CreationPace(pacer, sessions.networks(), refusals);
        this.mayCreate = mayCreate;
        this.application = application;
        int most = sessions.config().maxBodyBytes();
        this.loginBytes = Math.min(most, limits.loginBytes());
        this.reader =
                new XmlReader(new XmlLimits(most, limits.maxDepth(), limits.maxAttributes(), limits.maxElements()));
    }

    public Route route() {
        return Route.post(PATH, this::handle).crossOrigin();
    }

    private void handle(Call call) {
        HttpExchange exchange = new HttpExchange(call);
        if (exchange.isEncoded()) {
            refuse(exchange, BindingCondition.BAD_REQUEST);
            return;
        }
        int most = sessions.config().maxBodyBytes();
        call.body(
                loginBytes,
                this::isOfLoggedIn,
                most,
                bytes -> receive(bytes, exchange),
                () -> refuse(exchange, BindingCondition.POLICY_VIOLATION));
    }

    /** A long body may come only in a session that has logged in, which its beginning has to name. */
    private boolean isOfLoggedIn(byte[] beginning) {
        String sid = BoshRequest.sidIn(beginning);
        BoshSession session = sid == null ? null : sessions.find(sid);
        return session != null && session.place().isLoggedIn();
    }

    /** Answers with a terminal body, not with a status: a client may keep a session over any status (XEP-0124 §17.1). */
    private void refuse(Exchange exchange, BindingCondition condition) {
        sessions.refused(condition.wire());
        exchange.answer(BoshXml.terminate(condition, null, List.of()));
    }

    private void receive(byte[] bytes, HttpExchange exchange) {
        BoshRequest request;
        try {
            request = BoshXml.read(reader, bytes);
        } catch (BoshException e) {
            LOG.debug("refused a request: {}", e.getMessage());
            refuse(e, exchange);
            return;
        }
        try {
            receive(request, bytes.length > loginBytes, exchange);
        } catch (FullException e) {
            sessions.refused(e.reason());
            throw new ProblemException(new Problem(503, String.valueOf(e.getMessage()), e.retryAfter()));
        }
    }

    private void receive(BoshRequest request, boolean isLong, HttpExchange exchange) {
        BoshRequest.Creation asked = request.creation();
        if (asked != null && isLong) { // somewhere in its beginning stands the sid of another
            refuse(exchange, BindingCondition.POLICY_VIOLATION);
            return;
        }
        if (asked != null) {
            exchange.content(asked.content());
            create(request, asked, exchange);
            return;
        }
        BoshSession session = sessions.find(request.sid());
        if (isLong && session != null && !session.place().isLoggedIn()) { // it began with the sid of another
            refuse(exchange, BindingCondition.POLICY_VIOLATION);
        } else if (session == null) {
            exchange.answer(sessions.gone(request.sid()));
        } else {
            exchange.content(session.content());
            session.receive(request, exchange);
        }
    }

    /** A terminal condition ends the session that the request named (XEP-0124 §17.2). */
    private void refuse(BoshException e, HttpExchange exchange) {
        BoshSession session = sessions.find(e.sid());
        if (session == null) {
            refuse(exchange, e.condition());
        } else {
            exchange.content(session.content());
            sessions.refused(e.condition().wire());
            session.refuse(e.condition(), exchange);
        }
    }

    private void create(BoshRequest request, BoshRequest.Creation asked, Exchange exchange) {
        if (sessions.isStopping()) {
            sessions.refused("stopping");
            exchange.answer(BoshXml.STOPPING);
            return;
        }
        if (!mayCreate) {
            refuse(exchange, BindingCondition.POLICY_VIOLATION);
            return;
        }
        if (!application.serves(asked.to())) {
            refuse(exchange, BindingCondition.HOST_UNKNOWN);
            return;
        }
        BoshSession session;
        try {
            sessions.checkRoom(exchange.address()); // first: who has none slows nobody else
            pace.enter(exchange.address());
            session = sessions.create(request, asked, exchange.address(), application);
        } catch (FullException | ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("a session could not be opened", e);
            refuse(exchange, BindingCondition.INTERNAL_SERVER_ERROR);
            return;
        }
        session.receive(request, exchange);
    }
}
