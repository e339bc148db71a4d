package org.channelgateway.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.channelgateway.api.http.ContentTypes;
import org.channelgateway.api.http.Json;
import org.channelgateway.api.http.Refusals;
import org.channelgateway.callback.ApplicationCallbacks;
import org.channelgateway.channel.Admission;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.http.Call;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.limit.KeyedRates;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.TooManyCallbacksException;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.util.MultiMap;
import org.eclipse.jetty.util.UrlEncoded;

/** What {@code Socket.send} calls: a message of a page to its application, as a form with {@code key}, the token, {@code msg}, and perhaps an {@code id}. */
public final class ReceiveRoutes {
    private static final String DOOR = "receive";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int MAX_MESSAGE_BYTES = 32767;
    /** Each byte of a message may come as three. */
    private static final int MAX_BODY = 3 * MAX_MESSAGE_BYTES + 1024;

    private static final int MAX_FIELDS = 16;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{0,64}");
    private static final Duration FULL_RETRY = Duration.ofSeconds(10);

    private final Admissions admissions;
    private final ApplicationCallbacks callbacks;
    private final OriginCheck origins;
    private final KeyedRates rates;
    private final RefusalCounts refusals;

    /**
     * @param originsByApp pages of these origins may use the channels of the app
     * @param rates how many messages each account may send
     */
    public ReceiveRoutes(
            Admissions admissions,
            ApplicationCallbacks callbacks,
            Map<String, List<String>> originsByApp,
            KeyedRates rates,
            RefusalCounts refusals) {
        this.admissions = admissions;
        this.callbacks = callbacks;
        this.origins = new OriginCheck(originsByApp);
        this.rates = rates;
        this.refusals = refusals;
    }

    public List<Route> routes() {
        return Refusals.counted(
                DOOR,
                refusals,
                List.of(Route.post("/_ah/channel/receive", this::receive).crossOrigin()));
    }

    private void receive(Call call) {
        ContentTypes.require(call, FORM);
        Refusals.body(call, MAX_BODY, body -> {
            MultiMap<String> form = form(Call.utf8("body", body));
            String token = only(form, "key").strip();
            String message = only(form, "msg");
            String id = form.containsKey("id") ? only(form, "id") : "";
            if (!ID.matcher(id).matches()) {
                throw new ProblemException(400, "id: not one (expected: at most 64 of A-Z, a-z, 0-9, _ and -)");
            }
            Admission admission = admissions.byToken(token);
            if (admission instanceof Admission.Admitted admitted) {
                take(call, admitted.lease(), message, id);
            } else if (admission instanceof Admission.Refused refused) {
                refuse(call, refused.why());
            } else {
                throw new AssertionError(admission);
            }
        });
    }

    private static MultiMap<String> form(String body) {
        MultiMap<String> form = new MultiMap<>();
        try {
            UrlEncoded.decodeTo(body, form::add, StandardCharsets.UTF_8, MAX_FIELDS);
            return form;
        } catch (IllegalArgumentException | IllegalStateException e) { // garbled, or too many fields
            throw new ProblemException(400, "body: not a form in UTF-8 (expected: key=…&msg=…, percent-encoded)");
        }
    }

    private static String only(MultiMap<String> form, String name) {
        List<String> values = form.get(name);
        if (values == null || values.size() != 1) {
            throw new ProblemException(400, name + ": " + (values == null ? "missing" : "twice") + " (expected: once)");
        }
        return values.get(0);
    }

    private void take(Call call, Lease lease, String message, String id) {
        origins.check(call, lease.app());
        if (!callbacks.isCalledBack(lease.app())) {
            throw new ProblemException(
                    new Problem(404, "callback: the app of this token has none (expected: apps.NAME.callback)"));
        }
        int length = message.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_MESSAGE_BYTES) {
            throw new ProblemException(new Problem(
                    413, "msg: " + length + " bytes in UTF-8 (expected: at most " + MAX_MESSAGE_BYTES + ")"));
        }
        Duration wait = rates.take(lease.account());
        if (!wait.isZero()) {
            throw new ProblemException(new Problem(
                    429,
                    "msg: too many of this token (expected: at most " + rates.perSecond() + " a second)",
                    wait.plusSeconds(1),
                    "receive-rate"));
        }
        try {
            callbacks.receive(lease, message, id);
        } catch (TooManyCallbacksException e) {
            throw new ProblemException(
                    new Problem(429, String.valueOf(e.getMessage()), FULL_RETRY, "callbacks-of-app"));
        }
        call.answer(204);
    }

    private void refuse(Call call, SessionEnd why) {
        refusals.add(DOOR, why.reason());
        Json.answer(call, 401, Json.object().put("code", 401).put("description", why.description()));
    }
}
