package org.channelgateway.ejabberd;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.channelgateway.bosh.BarePoll;
import org.channelgateway.bosh.BindingCondition;
import org.channelgateway.bosh.BoshConfig;
import org.channelgateway.bosh.BoshException;
import org.channelgateway.bosh.BoshRequest;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.bosh.CreationPace;
import org.channelgateway.bosh.HttpExchange;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.http.Call;
import org.channelgateway.http.Problem;
import org.channelgateway.http.ProblemException;
import org.channelgateway.http.Route;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.StanzaLimits;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.AsciiCase;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /http-bind} and the paths of {@link BoshPaths}, passed on to ejabberd: read under limits, filtered, and written anew.
 * Nothing of a session is kept but its request that is held, and which one came last. A live session is never answered with 4xx.
 * Thread-safe.
 */
public final class BoshProxy {
    private static final Logger LOG = LoggerFactory.getLogger(BoshProxy.class);
    private static final String DOOR = "bosh";

    private final Upstreams upstreams;
    private final BoshPaths paths;
    private final boolean mayCreate;
    private final CreationPace pace;
    private final RefusalCounts refusals;
    private final XmlReader reader;
    private final ProxiedBody.Rules rules;
    private final int loginBytes;
    private final int maxBytes;
    private final HeldPolls held;

    /**
     * @param time what the end of a lease is judged by
     * @param mayCreate false when only sessions made by {@code connect} are served
     * @param limits what one body may cost
     * @param places of the sessions that have requests under way
     * @param logins of those that have not logged in
     * @param order in which requests leave
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
            PollPlaces places,
            LoginPlaces logins,
            RequestOrder order,
            Pacer pacer,
            RefusalCounts refusals) {
        this.upstreams = upstreams;
        this.paths = paths;
        this.held = new HeldPolls(places, logins, time, upstreams.longestHold(), order);
        this.mayCreate = mayCreate;
        this.pace = new CreationPace(pacer, logins.networks(), refusals);
        this.refusals = refusals;
        this.maxBytes = bosh.maxBodyBytes();
        this.loginBytes = Math.min(maxBytes, limits.loginBytes());
        this.reader =
                new XmlReader(new XmlLimits(maxBytes, limits.maxDepth(), limits.maxAttributes(), limits.maxElements()));
        this.rules = ProxiedBody.Rules.of(domain, (int) bosh.waitTime().toSeconds());
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/http-bind", call -> handle(call, null))
                        .crossOrigin()
                        .prompt(),
                Route.post("/http-bind/*/*/*", this::handleAtPath).crossOrigin().prompt());
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
        String[] sid = new String[1];
        call.body(
                loginBytes,
                beginning -> {
                    sid[0] = BoshRequest.sidIn(beginning);
                    return path != null && isOf(path, sid[0]);
                },
                maxBytes,
                bytes -> receive(bytes, path, exchange),
                () -> endAndRefuse(sid[0], path, exchange, BindingCondition.POLICY_VIOLATION));
    }

    /** A long body may come only at the path of a session that has logged in. */
    private boolean isOf(BoshPath path, @Nullable String sid) {
        return sid != null && paths.isOf(path, sid);
    }

    /**
     * A terminal condition ends the session that the request named (XEP-0124 §17.2), or its subscriber would be counted for as long as
     * ejabberd waits for its next request.
     *
     * @param sid null when none could be read
     */
    private void endAndRefuse(
            @Nullable String sid, @Nullable BoshPath path, HttpExchange exchange, BindingCondition condition) {
        UpstreamNode node = path == null ? upstreams.first() : upstreams.find(path.node());
        boolean isServed = path == null ? mayCreate : isOf(path, sid);
        if (sid != null && !sid.isEmpty() && node != null && isServed) {
            node.end(sid);
        }
        refuse(exchange, condition);
    }

    private void refuse(HttpExchange exchange, BindingCondition condition) {
        refusals.add(DOOR, condition.wire());
        exchange.answer(BoshXml.terminate(condition, null, List.of()));
    }

    private void receive(byte[] bytes, @Nullable BoshPath path, HttpExchange exchange) {
        BoshRequest request = BarePoll.read(bytes);
        try {
            request = request == null ? BoshXml.read(reader, bytes) : request;
        } catch (BoshException e) {
            LOG.debug("refused a request: {}", e.getMessage());
            String sid = e.sid().isEmpty() ? BoshRequest.sidIn(bytes) : e.sid();
            endAndRefuse(sid, path, exchange, e.condition());
            return;
        }
        BoshRequest.Creation creation = request.creation();
        if (creation != null) {
            create(request, creation, path, exchange);
        } else if (path == null) {
            poll(mayCreate, request, upstreams.first(), exchange);
        } else {
            atPath(request, path, exchange);
        }
    }

    private void create(
            BoshRequest request, BoshRequest.Creation creation, @Nullable BoshPath path, HttpExchange exchange) {
        if (!mayCreate || path != null) {
            refuse(exchange, BindingCondition.POLICY_VIOLATION);
        } else if (!AsciiCase.areSame(creation.to(), rules.domain())) {
            refuse(exchange, BindingCondition.HOST_UNKNOWN);
        } else {
            LoginPlaces.Place login = enter(() -> held.enterLogin(exchange.address()));
            boolean isIn = false;
            try {
                pace.enter(exchange.address());
                isIn = passOn(request, null, login, upstreams.first(), exchange);
            } finally {
                if (!isIn) {
                    login.free();
                }
            }
        }
    }

    private void atPath(BoshRequest request, BoshPath path, HttpExchange exchange) {
        UpstreamNode node = upstreams.find(path.node());
        if (!paths.isOf(path, request.sid()) || node == null) {
            refuse(exchange, BindingCondition.ITEM_NOT_FOUND);
        } else if (held.isOver(path)) {
            refusals.add(DOOR, SessionEnd.TIMED_OUT.reason());
            node.end(request.sid());
            exchange.answer(PassedOn.TIMED_OUT);
        } else {
            pollAt(path, request, node, exchange);
        }
    }

    private void poll(boolean isServed, BoshRequest request, UpstreamNode node, HttpExchange exchange) {
        if (isServed) {
            pollAt(null, request, node, exchange);
        } else {
            refuse(exchange, BindingCondition.ITEM_NOT_FOUND);
        }
    }

    private void pollAt(@Nullable BoshPath path, BoshRequest request, UpstreamNode node, HttpExchange exchange) {
        enter(() -> {
            held.enter(request.sid(), exchange.address());
            return true;
        });
        boolean isIn = false;
        try {
            isIn = passOn(request, path, null, node, exchange);
        } finally {
            if (!isIn) {
                held.leave(request.sid());
            }
        }
    }

    /** A session lives on that has no room now, so a status tells its client to come again. */
    private <T> T enter(Supplier<T> step) {
        try {
            return step.get();
        } catch (FullException e) {
            refusals.add(DOOR, e.reason());
            throw new ProblemException(new Problem(503, String.valueOf(e.getMessage()), e.retryAfter()));
        }
    }

    /** False when it was answered instead. */
    private boolean passOn(
            BoshRequest request,
            @Nullable BoshPath path,
            LoginPlaces.@Nullable Place login,
            UpstreamNode node,
            HttpExchange exchange) {
        ProxiedBody body;
        try {
            body = ProxiedBody.of(request, rules, path == null);
        } catch (ProxiedBody.Unacceptable e) {
            endAndRefuse(request.sid(), path, exchange, e.condition());
            return false;
        }
        body.refusals().forEach(refusal -> refusals.add(DOOR, "not-allowed"));
        held.start(new PassedOn(held, exchange, request, path, login, node, body));
        return true;
    }

    /** Answers what is held and whatever comes, so that it comes again, to another gateway. */
    public void stop() {
        held.stop();
    }

    /** Ends the sessions whose lease is over. To be called a few times a second. */
    public void tick() {
        held.tick();
    }

    /** How many requests are under way. */
    public int held() {
        return held.count();
    }
}
