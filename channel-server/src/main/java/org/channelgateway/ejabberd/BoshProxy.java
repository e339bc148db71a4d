package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.channelgateway.bosh.BindingCondition;
import org.channelgateway.bosh.BoshConfig;
import org.channelgateway.bosh.BoshException;
import org.channelgateway.bosh.BoshRequest;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.bosh.CreationPace;
import org.channelgateway.bosh.HttpExchange;
import org.channelgateway.bosh.Rid;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.http.Call;
import org.channelgateway.http.Route;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.StanzaLimits;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /http-bind} and the paths of {@link BoshPaths}, passed on to ejabberd: read under limits, filtered, and written anew.
 * Nothing of a session is kept but its request that is held. A live session is never answered with 4xx. Thread-safe.
 */
public final class BoshProxy {
    private static final Logger LOG = LoggerFactory.getLogger(BoshProxy.class);
    private static final String DOOR = "bosh";
    private static final byte[] TIMED_OUT = BoshXml.terminate(
            BindingCondition.REMOTE_STREAM_ERROR,
            new StreamError("not-authorized", SessionEnd.TIMED_OUT.description()),
            List.of());

    private final Upstreams upstreams;
    private final BoshPaths paths;
    private final InstantSource time;
    private final boolean mayCreate;
    private final CreationPace pace;
    private final RefusalCounts refusals;
    private final XmlReader reader;
    private final ProxiedBody.Rules rules;
    private final int loginBytes;
    private final int maxBytes;
    private final Set<PassedOn> held = ConcurrentHashMap.newKeySet();
    private volatile boolean isStopping;

    /**
     * @param time what the end of a lease is judged by
     * @param mayCreate false when only sessions made by {@code connect} are served
     * @param limits what one body may cost
     * @param pacer lets new sessions in
     */
    public BoshProxy(
            Upstreams upstreams,
            BoshPaths paths,
            InstantSource time,
            String domain,
            BoshConfig bosh,
            boolean mayCreate,
            StanzaLimits limits,
            Pacer pacer,
            RefusalCounts refusals) {
        this.upstreams = upstreams;
        this.paths = paths;
        this.time = time;
        this.mayCreate = mayCreate;
        this.pace = new CreationPace(pacer, refusals);
        this.refusals = refusals;
        this.maxBytes = bosh.maxBodyBytes();
        this.loginBytes = Math.min(maxBytes, limits.loginBytes());
        this.reader =
                new XmlReader(new XmlLimits(maxBytes, limits.maxDepth(), limits.maxAttributes(), limits.maxElements()));
        this.rules = ProxiedBody.Rules.of(domain, (int) bosh.waitTime().toSeconds());
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/http-bind", call -> handle(call, null)).crossOrigin(),
                Route.post("/http-bind/*/*/*", this::handleAtPath).crossOrigin());
    }

    private void handleAtPath(Call call) {
        BoshPath path =
                BoshPath.parse(String.valueOf(call.request().getHttpURI().getPath()));
        if (path == null) {
            refuse(new HttpExchange(call), BindingCondition.ITEM_NOT_FOUND);
        } else {
            handle(call, path);
        }
    }

    private void handle(Call call, @Nullable BoshPath path) {
        HttpExchange exchange = new HttpExchange(call);
        if (exchange.isEncoded()) {
            refuse(exchange, BindingCondition.BAD_REQUEST);
            return;
        }
        call.body(
                loginBytes,
                beginning -> isOfLoggedIn(beginning, path),
                maxBytes,
                bytes -> receive(bytes, path, exchange),
                () -> refuse(exchange, BindingCondition.POLICY_VIOLATION));
    }

    /** A long body may come only at the path of a session that has logged in. */
    private boolean isOfLoggedIn(byte[] beginning, @Nullable BoshPath path) {
        String sid = BoshRequest.sidIn(beginning);
        return path != null && sid != null && paths.isOf(path, sid);
    }

    private void refuse(HttpExchange exchange, BindingCondition condition) {
        refusals.add(DOOR, condition.wire());
        exchange.answer(BoshXml.terminate(condition, null, List.of()));
    }

    private void receive(byte[] bytes, @Nullable BoshPath path, HttpExchange exchange) {
        BoshRequest request;
        try {
            request = BoshXml.read(reader, bytes);
        } catch (BoshException e) {
            LOG.debug("refused a request: {}", e.getMessage());
            refuse(exchange, e.condition());
            return;
        }
        BoshRequest.Creation creation = request.creation();
        if (creation != null) {
            create(request, creation, path, exchange);
        } else if (path == null) {
            passOnIf(mayCreate, request, null, upstreams.first(), exchange);
        } else {
            atPath(request, path, exchange);
        }
    }

    private void create(
            BoshRequest request, BoshRequest.Creation creation, @Nullable BoshPath path, HttpExchange exchange) {
        if (!mayCreate || path != null) {
            refuse(exchange, BindingCondition.POLICY_VIOLATION);
        } else if (!creation.to().equalsIgnoreCase(rules.domain())) {
            refuse(exchange, BindingCondition.HOST_UNKNOWN);
        } else {
            pace.enter();
            passOnIf(true, request, null, upstreams.first(), exchange);
        }
    }

    private void atPath(BoshRequest request, BoshPath path, HttpExchange exchange) {
        UpstreamNode node = upstreams.find(path.node());
        if (!paths.isOf(path, request.sid()) || node == null) {
            refuse(exchange, BindingCondition.ITEM_NOT_FOUND);
        } else if (time.instant().getEpochSecond() >= path.expiry()) {
            refusals.add(DOOR, SessionEnd.TIMED_OUT.reason());
            end(node, request.sid());
            exchange.answer(TIMED_OUT);
        } else {
            passOnIf(true, request, path, node, exchange);
        }
    }

    private void passOnIf(
            boolean isServed, BoshRequest request, @Nullable BoshPath path, UpstreamNode node, HttpExchange exchange) {
        if (!isServed) {
            refuse(exchange, BindingCondition.ITEM_NOT_FOUND);
            return;
        }
        ProxiedBody body;
        try {
            body = ProxiedBody.of(request, rules, path == null);
        } catch (ProxiedBody.Unacceptable e) {
            if (path != null) {
                end(node, request.sid());
            }
            refuse(exchange, e.condition());
            return;
        }
        body.refusals().forEach(refusal -> refusals.add(DOOR, "not-allowed"));
        PassedOn passedOn = new PassedOn(this, exchange, request, path, node, body);
        held.add(passedOn);
        if (isStopping) {
            passedOn.comeAgain();
        } else {
            passedOn.start();
        }
    }

    void over(PassedOn passedOn) {
        held.remove(passedOn);
    }

    static byte[] timedOut() {
        return TIMED_OUT;
    }

    /** Ends a session at ejabberd, whatever rid it awaits: a terminate with the greatest one does. */
    static void end(UpstreamNode node, String sid) {
        byte[] body = ("<body xmlns='" + BoshXml.NAMESPACE + "' rid='" + Rid.MAX + "' sid='"
                        + XmlWriter.escapedAttribute(sid) + "' type='terminate'/>")
                .getBytes(StandardCharsets.UTF_8);
        Posting unused = node.post(body, Posting.Receiver.NONE);
    }

    /** Answers what is held and whatever comes, so that it comes again, to another gateway. */
    public void stop() {
        isStopping = true;
        held.forEach(PassedOn::comeAgain);
    }

    /** Ends the sessions whose lease is over. To be called a few times a second. */
    public void tick() {
        long now = time.instant().getEpochSecond();
        for (PassedOn passedOn : held) {
            passedOn.endAt(now);
        }
    }
}
