package org.channelgateway.cluster;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.bosh.BOSHConfiguration;
import org.jivesoftware.smack.bosh.XMPPBOSHConnection;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Nonza;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;

/** Somebody with an account, who sends whatever XML there is. Thread-safe. */
final class OutsideClient implements AutoCloseable {
    /** What carries its stream. */
    enum Transport {
        TCP {
            @Override
            AbstractXMPPConnection connection(EjabberdProcess ejabberd, String localpart, String password)
                    throws XmppStringprepException {
                XMPPTCPConnection connection =
                        new XMPPTCPConnection(configured(XMPPTCPConnectionConfiguration.builder(), localpart, password)
                                .setHostAddress(ejabberd.c2s().getAddress())
                                .setPort(ejabberd.c2s().getPort())
                                .build());
                connection.setUseStreamManagement(false);
                return connection;
            }
        },
        BOSH {
            @Override
            AbstractXMPPConnection connection(EjabberdProcess ejabberd, String localpart, String password)
                    throws XmppStringprepException {
                return new XMPPBOSHConnection(configured(BOSHConfiguration.builder(), localpart, password)
                        .setHost("localhost") // smack-bosh makes a wrong URL of an address
                        .setPort(ejabberd.bosh().getPort())
                        .setFile(ejabberd.bosh().getPath())
                        .build());
            }
        };

        abstract AbstractXMPPConnection connection(EjabberdProcess ejabberd, String localpart, String password)
                throws XmppStringprepException;
    }

    private static <B extends ConnectionConfiguration.Builder<B, ?>> B configured(
            B builder, String localpart, String password) throws XmppStringprepException {
        return builder.setXmppDomain("localhost")
                .setUsernameAndPassword(localpart, password)
                .setSecurityMode(SecurityMode.disabled)
                .setSendPresence(false);
    }

    /** As it is written, and no stanza to Smack. */
    private record Raw(String xml) implements Nonza {
        @Override
        public CharSequence toXML(XmlEnvironment enclosing) {
            return xml;
        }

        @Override
        public String getElementName() {
            return "raw";
        }

        @Override
        public String getNamespace() {
            return "jabber:client";
        }
    }

    private final AbstractXMPPConnection connection;
    private final List<Stanza> heard = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    OutsideClient(EjabberdProcess ejabberd, String localpart, String password) throws InterruptedException {
        this(Transport.TCP, ejabberd, localpart, password);
    }

    OutsideClient(Transport transport, EjabberdProcess ejabberd, String localpart, String password)
            throws InterruptedException {
        this(transport, ejabberd, localpart, password, "");
    }

    /** @param resource empty to leave it to the server */
    OutsideClient(Transport transport, EjabberdProcess ejabberd, String localpart, String password, String resource)
            throws InterruptedException {
        try {
            connection = transport.connection(ejabberd, localpart, password);
            connection.setReplyTimeout(30_000);
            connection.addSyncStanzaListener(heard::add, stanza -> true);
            connection.addConnectionListener(new ConnectionListener() {
                @Override
                public void connectionClosed() {
                    ended = true;
                }

                @Override
                public void connectionClosedOnError(Exception e) {
                    ended = true;
                }
            });
            connection.connect().login(localpart, password, resource.isEmpty() ? null : Resourcepart.from(resource));
        } catch (IOException | SmackException | XMPPException e) {
            throw new AssertionError(e);
        }
    }

    /** The full JID that ejabberd gave it. */
    String jid() {
        return connection.getUser().toString();
    }

    /** @param stanzas sent together; without their namespace */
    void send(String... stanzas) throws InterruptedException {
        StringBuilder xml = new StringBuilder();
        for (String stanza : stanzas) {
            xml.append(stanza.replaceFirst("^<(\\w+)", "<$1 xmlns='jabber:client'"));
        }
        try {
            connection.sendNonza(new Raw(xml.toString()));
        } catch (SmackException e) {
            throw new AssertionError(e);
        }
    }

    /** All that has arrived, in order, as Smack understands it. */
    List<String> heard() {
        return heard.stream().map(stanza -> stanza.toXML().toString()).toList();
    }

    /** Waits for a stanza with this id. */
    void awaitId(String id) {
        Awaitility.await()
                .atMost(EjabberdProcess.PATIENCE)
                .until(() -> heard.stream().anyMatch(stanza -> id.equals(stanza.getStanzaId())));
    }

    /** Whether a request with this id was answered with a result. */
    boolean hasResult(String id) {
        return heard.stream()
                .anyMatch(stanza ->
                        stanza instanceof IQ iq && iq.getType() == IQ.Type.result && id.equals(iq.getStanzaId()));
    }

    /** Whether ejabberd has ended its session. */
    boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        connection.instantShutdown();
    }
}
