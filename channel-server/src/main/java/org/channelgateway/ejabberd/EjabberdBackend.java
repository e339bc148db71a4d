package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.LoginKeys;
import org.channelgateway.registry.SessionName;
import org.channelgateway.registry.Sessions;
import org.channelgateway.registry.Token;
import org.channelgateway.stats.RefusalCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The XMPP server is ejabberd: sessions are there, and what is known of them is in the registry. Thread-safe. */
public final class EjabberdBackend implements XmppBackend {
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final int REQUEST_THREADS = 16;
    private static final long REQUEST_BYTES = 64L << 20;
    private static final int COMING_THREADS = 8;
    private static final long COMING_BYTES = 20L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(EjabberdBackend.class);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Pattern SID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final NodeOrder nodes;
    private final Upstreams upstreams;
    private final BoshPaths paths;
    private final BoshLogin login;
    private final RemotePresence presence;
    private final SerialTasks requests = new SerialTasks("service", REQUEST_THREADS, REQUEST_BYTES);
    private final SerialTasks comings = new SerialTasks("presence", COMING_THREADS, COMING_BYTES);
    private final Sessions sessions;
    private final int mostOfLease;
    private final PollPlaces places;
    private final ComponentLink link;
    private volatile boolean isStopping;

    /**
     * @param upstreams the BOSH of its nodes
     * @param paths where sessions are polled
     * @param waitTime longest time a poll is held
     * @param service answers what applications ask over XMPP
     * @param listener hears of the sessions that come and go
     * @param mostOfLease how many sessions of one lease there may be
     * @param places of the sessions whose requests are under way here
     * @param outbox what is sent
     * @param attached run each time the service is attached: who came and went before is not known
     * @param ticker nano time
     */
    public EjabberdBackend(
            EjabberdConfig config,
            String domain,
            Sessions sessions,
            Upstreams upstreams,
            BoshPaths paths,
            Duration waitTime,
            ChannelIqs service,
            RemotePresence.Listener listener,
            int mostOfLease,
            PollPlaces places,
            Outbox outbox,
            Runnable attached,
            LongSupplier ticker,
            RefusalCounts refusals) {
        this.sessions = sessions;
        this.mostOfLease = mostOfLease;
        this.places = places;
        this.nodes = new NodeOrder(config.nodes(), ticker);
        this.upstreams = upstreams;
        this.paths = paths;
        this.login = new BoshLogin(domain, waitTime);
        this.presence = new RemotePresence(sessions, listener);
        ServiceStanzas stanzas = new ServiceStanzas(domain, service, presence, requests, comings, outbox, refusals);
        this.link = new ComponentLink(
                config.nodes().stream().map(EjabberdConfig.Node::component).toList(),
                ChannelService.serviceJid(domain),
                config.componentSecret(),
                outbox,
                stanzas::accept,
                attached,
                ticker);
    }

    /** Attaches the service, and again whenever it is lost. */
    public void start() {
        link.start();
    }

    /** To be called every second. */
    public void tick() {
        link.tick();
    }

    @Override
    public boolean isUp() {
        return !isStopping && link.isAttached();
    }

    /** The channel service is attached to a node. */
    public boolean isAttached() {
        return link.isAttached();
    }

    /** Sessions outlive a gateway here. */
    @Override
    public List<Runnable> stop() {
        isStopping = true;
        return List.of();
    }

    @Override
    public void checkRoom(Lease lease, String address) {
        if (sessions.ofAccount(lease.account()) >= mostOfLease) {
            throw RefusedException.tooManySessions(mostOfLease, RETRY);
        }
        places.checkRoom(address);
    }

    @Override
    public Attached connect(Lease lease, Token token, String address) {
        LoginKeys keys = sessions.loginKeys(token).orElseThrow(EjabberdBackend::revokedMeanwhile);
        BoshLogin.FailedException failure = null;
        for (EjabberdConfig.Node node : nodes.next()) {
            try {
                Attached attached = connect(node.name(), lease, keys);
                nodes.answered(node);
                return attached;
            } catch (BoshLogin.FailedException e) {
                if (e instanceof BoshLogin.NoAnswerException) {
                    nodes.didNotAnswer(node);
                }
                failure = e;
                LOG.debug("no session at {}", node.name(), e);
            }
        }
        LOG.warn("a session could not be made: {}", failure == null ? "no node" : failure.getMessage());
        throw RefusedException.unreachable("sessions: the XMPP server makes none now (expected: again soon)", SOON);
    }

    private Attached connect(String nodeName, Lease lease, LoginKeys keys) throws BoshLogin.FailedException {
        UpstreamNode node = Objects.requireNonNull(upstreams.find(nodeName));
        List<SessionName> noted = new ArrayList<>(1);
        BoshLogin.Made made = null;
        try {
            made = login.login(node, lease.account(), keys, resource -> {
                SessionName name = new SessionName(lease.account(), resource);
                noted.add(name); // before it is: when its note fails, nobody knows whether it is there
                note(name);
            });
        } finally {
            if (made == null) {
                noted.forEach(presence::went);
            }
        }
        return new Attached(
                made.jid(),
                made.sid(),
                made.nextRid(),
                Duration.ofSeconds(made.waitSeconds()),
                1,
                made.requests(),
                Duration.ofSeconds(made.inactivitySeconds()),
                paths.path(nodeName, lease.expires(), made.sid()));
    }

    private void note(SessionName name) {
        if (presence.open(name).isEmpty()) {
            throw revokedMeanwhile();
        }
    }

    private static RefusedException revokedMeanwhile() {
        return RefusedException.unreachable("sessions: the token was revoked meanwhile", SOON);
    }

    @Override
    public void disconnect(String sid) {
        if (SID.matcher(sid).matches()) {
            upstreams.first().end(sid);
        }
    }

    @Override
    public void close() {
        requests.close(); // their answers go over the link
        comings.close();
        link.close();
        upstreams.close();
    }
}
