package org.channelgateway.registry.xmpp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.java7.XmppHostnameVerifier;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;

/** A connection to one node, logged in. */
final class AdministrationStream {
    static final String SCRAM = "SCRAM-SHA-1";
    static final String PLAIN = "PLAIN";

    /** Otherwise Smack reads the keys of the JVM's trust store for each connection. */
    private static final KeyManager[] NO_KEYS = {};

    private AdministrationStream() {}

    static XMPPTCPConnection open(AdministrationConfig config, InetSocketAddress node)
            throws IOException, SmackException, XMPPException, InterruptedException {
        return open(config, node, SCRAM, null);
    }

    /** @param authzid whom to act as (RFC 6120 §6.3.8); null for the account itself */
    static XMPPTCPConnection open(
            AdministrationConfig config, InetSocketAddress node, String mechanism, @Nullable EntityBareJid authzid)
            throws IOException, SmackException, XMPPException, InterruptedException {
        SmackSetup.ensureDone();
        int millis = Math.toIntExact(config.timeout().toMillis());
        XMPPTCPConnectionConfiguration.Builder builder = XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(config.domain())
                .setHostAddress(InetAddress.getByName(node.getHostString()))
                .setPort(node.getPort())
                .setUsernameAndPassword(config.localpart(), config.secret())
                .setSecurityMode(config.tls() ? SecurityMode.required : SecurityMode.disabled)
                .setKeyManagers(NO_KEYS)
                .setHostnameVerifier(new XmppHostnameVerifier())
                .addEnabledSaslMechanism(mechanism)
                .setSendPresence(false)
                .setCompressionEnabled(false)
                .setLanguage(Locale.ENGLISH)
                .setConnectTimeout(millis);
        if (authzid != null) {
            builder.setAuthzid(authzid);
        }
        if (config.trust() != null) {
            builder.setCustomX509TrustManager(config.trust());
        }
        XMPPTCPConnection connection = new XMPPTCPConnection(builder.build());
        connection.setReplyTimeout(millis);
        connection.setUseStreamManagement(false);
        if (ReconnectionManager.getEnabledPerDefault()) { // by another user of Smack in this JVM
            ReconnectionManager.getInstanceFor(connection).disableAutomaticReconnection();
        }
        try {
            connection.connect();
            connection.login();
            return connection;
        } catch (IOException | SmackException | XMPPException | InterruptedException | RuntimeException e) {
            connection.instantShutdown();
            throw e;
        }
    }
}
