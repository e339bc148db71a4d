package org.channelgateway.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.channelgateway.api.http.Json;
import org.channelgateway.api.http.Refusals;
import org.channelgateway.channel.Admission;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.BrowserSessions;
import org.channelgateway.channel.Connected;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.channel.Times;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.http.Call;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Line;
import org.channelgateway.limit.Pacer;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Token;
import org.channelgateway.stats.RefusalCounts;

/** What channel-js calls besides BOSH: a token for a session, and the end of a session by its sid. */
public final class ConnectRoutes {
    private static final int MAX_BODY = 1024;
    private static final String DOOR = "connect";

    private final Admissions admissions;
    private final BrowserSessions sessions;
    private final OriginCheck origins;
    private final Pacer pacer;
    private final Line line;
    private final RefusalCounts refusals;

    /**
     * @param originsByApp pages of these origins may use the channels of the app
     * @param pacer lets new sessions in
     * @param line where those that are let in wait for their turn
     */
    public ConnectRoutes(
            Admissions admissions,
            BrowserSessions sessions,
            Map<String, List<String>> originsByApp,
            Pacer pacer,
            Line line,
            RefusalCounts refusals) {
        this.admissions = admissions;
        this.sessions = sessions;
        this.origins = new OriginCheck(originsByApp);
        this.pacer = pacer;
        this.line = line;
        this.refusals = refusals;
    }

    public List<Route> routes() {
        return Refusals.counted(
                DOOR,
                refusals,
                List.of(
                        Route.post("/_ah/channel/connect", this::connect).crossOrigin(),
                        Route.post("/_ah/channel/disconnect", this::disconnect).crossOrigin()));
    }

    private void connect(Call call) {
        Refusals.body(
                call,
                MAX_BODY,
                body -> admit(call, Call.utf8("token", body).strip()),
                () -> refuse(call, SessionEnd.INVALID_TOKEN));
    }

    private void admit(Call call, String token) {
        Admission admission = admissions.byToken(token);
        if (admission instanceof Admission.Admitted admitted) {
            checkOrigin(call, admitted.lease().app());
            pace(call, admitted.lease(), new Token(token));
        } else if (admission instanceof Admission.Refused refused) {
            refuse(call, refused.why());
        } else {
            throw new AssertionError(admission);
        }
    }

    /** Whose token is good may have to wait for its session, or to come again. */
    private void pace(Call call, Lease lease, Token token) {
        Runnable opening = () -> call.attempt(() ->
                Refusals.translate(() -> Json.answer(call, 200, connected(connect(call, lease, token)))));
        asking(
                () -> { // first: who has no room slows nobody else
                    sessions.checkRoom(lease, address(call));
                    return true;
                });
        int wait = pacer.enter();
        if (wait == 0 && !line.run(opening)) {
            wait = pacer.retryAfter();
        }
        if (wait > 0) {
            throw new ProblemException(new Problem(
                    503,
                    "sessions: too many are being opened (expected: fewer, later)",
                    Duration.ofSeconds(wait),
                    "paced"));
        }
    }

    private Connected connect(Call call, Lease lease, Token token) {
        return asking(() -> sessions.connect(lease, token, address(call)));
    }

    private static String address(Call call) {
        return call.address();
    }

    private <T> T asking(Supplier<T> step) {
        try {
            return step.get();
        } catch (FullException e) {
            throw new ProblemException(
                    new Problem(e.ofAddress() ? 429 : 503, String.valueOf(e.getMessage()), e.retryAfter(), e.reason()));
        }
    }

    private void refuse(Call call, SessionEnd why) {
        refusals.add(DOOR, why.reason());
        Json.answer(call, 401, Json.object().put("code", 401).put("description", why.description()));
    }

    private void checkOrigin(Call call, String app) {
        origins.check(call, app);
    }

    private static ObjectNode connected(Connected connected) {
        XmppBackend.Attached attached = connected.attached();
        return Json.object()
                .put("jid", attached.jid())
                .put("sid", attached.sid())
                .put("rid", attached.rid())
                .put("wait", attached.waitTime().toSeconds())
                .put("hold", attached.hold())
                .put("requests", attached.requests())
                .put("inactivity", attached.inactivity().toSeconds())
                .put("path", attached.path())
                .put("channel", connected.channelId())
                .put("expiresAt", Times.text(connected.expires()));
    }

    private void disconnect(Call call) {
        call.body(MAX_BODY, body -> {
            sessions.disconnect(Call.utf8("sid", body).strip());
            call.answer(204);
        });
    }
}
