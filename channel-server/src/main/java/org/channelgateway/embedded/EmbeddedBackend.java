package org.channelgateway.embedded;

import org.channelgateway.bosh.BoshApplication;
import org.channelgateway.bosh.BoshSession;
import org.channelgateway.bosh.BoshSessions;
import org.channelgateway.bosh.BoshTerms;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.channel.XmppBackend;
import org.channelgateway.registry.Lease;
import org.channelgateway.xml.EncodedStanza;

/** An XMPP server in this process: BOSH sessions below, Vysper to answer them. Thread-safe. */
public final class EmbeddedBackend implements XmppBackend, BoshApplication {
    private static final String FEATURES = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>";
    static final EncodedStanza FEATURES_BEFORE = new EncodedStanza(FEATURES + "<mechanisms xmlns='" + Namespaces.SASL
            + "'><mechanism>PLAIN</mechanism></mechanisms></stream:features>");
    static final EncodedStanza FEATURES_AFTER = new EncodedStanza(FEATURES + "<bind xmlns='" + Namespaces.BIND
            + "'/><session xmlns='" + Namespaces.SESSION + "'><optional/></session></stream:features>");

    private final String domain;
    private final BoshSessions sessions;
    private final Admissions admissions;
    private final Subscribers subscribers;
    private final ClientFilter filter;
    private final VysperServer vysper;

    /** @param serviceJid the address of the channel service */
    public EmbeddedBackend(
            String domain, String serviceJid, BoshSessions sessions, Admissions admissions, Subscribers subscribers) {
        this.domain = domain;
        this.sessions = sessions;
        this.admissions = admissions;
        this.subscribers = subscribers;
        this.filter = new ClientFilter(domain, serviceJid);
        this.vysper = new VysperServer(domain);
    }

    @Override
    public boolean serves(String name) {
        return name.equalsIgnoreCase(domain);
    }

    @Override
    public Stream open(BoshSession session) {
        return new ClientSession(this, session).start();
    }

    @Override
    public Attached connect(Lease lease) {
        ClientSession[] made = new ClientSession[1];
        BoshSession session = sessions.attach(transport -> {
            made[0] = new ClientSession(this, transport);
            return made[0].startBound(lease);
        });
        BoshTerms terms = session.terms();
        return new Attached(
                String.valueOf(made[0].jid()),
                session.sid().value(),
                session.firstRid().value(),
                terms.waitTime(),
                terms.hold(),
                terms.requests(),
                terms.inactivity());
    }

    @Override
    public void disconnect(String sid) {
        BoshSession session = sessions.find(sid);
        if (session != null) {
            session.terminate(null, null);
        }
    }

    @Override
    public void close() {
        sessions.shutdown();
    }

    String domain() {
        return domain;
    }

    Admissions admissions() {
        return admissions;
    }

    Subscribers subscribers() {
        return subscribers;
    }

    ClientFilter filter() {
        return filter;
    }

    VysperServer vysper() {
        return vysper;
    }
}
