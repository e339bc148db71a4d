package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Sessions;
import org.channelgateway.registry.Token;
import org.channelgateway.stats.RefusalCounts;

/** The XMPP server is ejabberd: sessions are there, and what is known of them is in the registry. Thread-safe. */
public final class EjabberdBackend implements XmppBackend {
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final int THREADS = 16;
    private static final int TASKS = 20_000;

    private final SerialTasks tasks = new SerialTasks("service", THREADS, TASKS);
    private final Sessions sessions;
    private final int mostOfLease;
    private final ComponentLink link;
    private volatile boolean isStopping;

    /**
     * @param service answers what applications ask over XMPP
     * @param listener hears of the sessions that come and go
     * @param mostOfLease how many sessions of one lease there may be
     * @param outbox what is sent
     * @param ticker nano time
     */
    public EjabberdBackend(
            EjabberdConfig config,
            String domain,
            Sessions sessions,
            ChannelIqs service,
            RemotePresence.Listener listener,
            int mostOfLease,
            Outbox outbox,
            LongSupplier ticker,
            RefusalCounts refusals) {
        this.sessions = sessions;
        this.mostOfLease = mostOfLease;
        RemotePresence presence = new RemotePresence(sessions, listener);
        ServiceStanzas stanzas = new ServiceStanzas(domain, service, presence, tasks, outbox, refusals);
        this.link = new ComponentLink(
                config.nodes().stream().map(EjabberdConfig.Node::component).toList(),
                ChannelService.serviceJid(domain),
                config.componentSecret(),
                outbox,
                stanzas::accept,
                ticker);
    }

    /** Attaches the service, and again whenever it is lost. */
    public void start() {
        link.start();
    }

    /** To be called every other second. */
    public void tick() {
        link.tick();
    }

    @Override
    public boolean isUp() {
        return !isStopping && link.isAttached();
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
    }

    @Override
    public Attached connect(Lease lease, Token token, String address) {
        throw RefusedException.unreachable("sessions: not yet", RETRY);
    }

    @Override
    public void disconnect(String sid) {}

    @Override
    public void close() {
        link.close();
        tasks.close();
    }
}
