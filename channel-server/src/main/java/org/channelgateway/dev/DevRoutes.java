package org.channelgateway.dev;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.channelgateway.api.http.Json;
import org.channelgateway.api.http.Refusals;
import org.channelgateway.channel.Admission;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.http.Call;
import org.channelgateway.http.Origins;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.http.ThisMachine;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Pacer;
import org.channelgateway.registry.Lease;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.xml.EncodedStanza;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /_ah/channel/dev}: what Google's Java development server answers to clients that are no browsers, with its
 * statuses, bodies and texts. Its tokens stand in URLs, and a GET changes state: for this machine only, unless the settings say
 * otherwise. A token that is refused is told both by the reason phrase and by the body.
 */
public final class DevRoutes {
    private static final String PATH = "/_ah/channel/dev";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Admissions admissions;
    private final DevConnections connections;
    private final boolean fromAnywhere;
    private final Pacer pacer;
    private final RefusalCounts refusals;

    /**
     * @param fromAnywhere false when only clients of this machine may
     * @param pacer lets new connections in
     */
    public DevRoutes(
            Admissions admissions,
            DevConnections connections,
            boolean fromAnywhere,
            Pacer pacer,
            RefusalCounts refusals) {
        this.admissions = admissions;
        this.connections = connections;
        this.fromAnywhere = fromAnywhere;
        this.pacer = pacer;
        this.refusals = refusals;
    }

    public List<Route> routes() {
        return List.of(Route.get(PATH, Refusals.translated(this::answer)));
    }

    private void answer(Call call) {
        checkCaller(call);
        call.setHeader(HttpHeader.CACHE_CONTROL, "no-store");
        if (!call.request().getMethod().equals("GET")) { // a HEAD must not change anything
            call.setHeader(HttpHeader.ALLOW, "GET");
            throw refused(405, "method", "method: not GET (expected: GET)");
        }
        Fields query = query(call);
        String command = query.getValue("command");
        if (command == null) {
            fail(call, "Action cannot be null.");
            return;
        }
        Admission admission = admissions.byToken(trimmed(query, "channel"));
        if (admission instanceof Admission.Admitted admitted) {
            perform(call, command, admitted.lease(), trimmed(query, "client"));
        } else if (admission instanceof Admission.Refused refused) {
            refuse(call, refused.why());
        } else {
            throw new AssertionError(admission);
        }
    }

    /** Who may not is told what a path is told that does not exist; pages of other sites are told so. */
    private void checkCaller(Call call) {
        if (!fromAnywhere && !ThisMachine.sent(call)) {
            throw refused(404, "address", "path: nothing is there");
        }
        String origin = call.header(HttpHeader.ORIGIN);
        String site = call.header("Sec-Fetch-Site"); // an image or a script of a page is asked for without an Origin
        boolean own = (origin == null || Origins.isSame(origin, call.header(HttpHeader.HOST)))
                && (site == null || site.equals("same-origin") || site.equals("none"));
        if (!own) {
            throw refused(403, "origin", "Origin: not this gateway's own page");
        }
    }

    private ProblemException refused(int status, String reason, String detail) {
        refusals.add(DevConnections.DOOR, reason);
        return new ProblemException(status, detail);
    }

    private Fields query(Call call) {
        try {
            return Request.extractQueryParameters(call.request(), StandardCharsets.UTF_8);
        } catch (RuntimeException e) { // its text may show the token
            throw refused(400, "malformed", "query: bad percent-encoding (expected: %XX, UTF-8)");
        }
    }

    private static String trimmed(Fields query, String name) {
        @Nullable String value = query.getValue(name);
        return value == null ? "" : value.strip();
    }

    private void perform(Call call, String command, Lease lease, String id) {
        switch (command) {
            case "connect" -> call.answer(200, TEXT, line(connect(call, lease)));
            case "poll" -> poll(call, lease, id);
            case "disconnect" -> {
                DevConnection ending = connections.find(lease, id);
                boolean unused = ending != null && ending.end();
                call.answer(200);
            }
            default -> fail(call, "Unrecognized action: " + command);
        }
    }

    private String connect(Call call, Lease lease) {
        int wait = pacer.enter();
        if (wait > 0) {
            refusals.add(DevConnections.DOOR, "paced");
            throw new ProblemException(new Problem(
                    503, "connections: too many are being opened (expected: fewer, later)", Duration.ofSeconds(wait)));
        }
        try {
            return connections.connect(lease, call.address());
        } catch (FullException e) {
            throw new ProblemException(
                    new Problem(e.ofAddress() ? 429 : 503, String.valueOf(e.getMessage()), e.retryAfter()));
        }
    }

    private void poll(Call call, Lease lease, String id) {
        DevConnection connection = connections.find(lease, id);
        if (connection == null) {
            fail(call, "Client connection with ID " + id + " not found.");
            return;
        }
        EncodedStanza message = connection.poll(connections.nanoTime());
        if (message == null) {
            call.answer(200);
        } else {
            call.answer(200, TEXT, line(DevMessage.text(message)));
            message.written();
        }
    }

    private void refuse(Call call, SessionEnd why) {
        refusals.add(DevConnections.DOOR, why == SessionEnd.TIMED_OUT ? "timed-out" : "invalid-token");
        call.reason(why.description());
        Json.answer(call, 401, Json.object().put("code", 401).put("description", why.description()));
    }

    /** As an exception of the development server's servlet. */
    private void fail(Call call, String text) {
        refusals.add(DevConnections.DOOR, "command");
        call.answer(500, TEXT, line(text));
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
