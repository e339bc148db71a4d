package org.channelgateway.it;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.LeakWatch;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.SmackFuture;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jxmpp.jid.impl.JidCreate;

/** Sends by IQs that Smack carries as they are written here. */
final class SmackSender implements Sender {
    private static final Pattern RECEIVERS = Pattern.compile("receivers=(?:'|\"|&apos;|&quot;)(\\d+)");

    private final XMPPTCPConnection connection;

    SmackSender(GatewayFixture gateway) {
        try {
            connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                    .setHost("127.0.0.1")
                    .setPort(gateway.xmpp().getPort())
                    .setXmppDomain(WireClient.DOMAIN)
                    .setUsernameAndPassword("app-guestbook", gateway.api().secret())
                    .setSecurityMode(SecurityMode.disabled)
                    .setSendPresence(false)
                    .build());
            connection.connect().login();
        } catch (IOException | SmackException | XMPPException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Publish extends IQ {
        private final String key;
        private final String text;

        Publish(String key, String text) {
            super("publish", "urn:channelgateway:1");
            this.key = key;
            this.text = text;
            setType(Type.set);
            setTo(JidCreate.domainBareFromOrThrowUnchecked("channel." + WireClient.DOMAIN));
        }

        /** Smack would write a CR as it is, which every reader takes for a LF (XML 1.0 §2.11). */
        @Override
        protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
            xml.attribute("key", key).rightAngleBracket();
            xml.append(text.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\r", "&#13;"));
            return xml;
        }
    }

    private SmackFuture<IQ, Exception> publish(String key, String message) {
        return connection.sendIqRequestAsync(new Publish(key, message));
    }

    private static int receivers(SmackFuture<IQ, Exception> answer) {
        try {
            Matcher receivers = RECEIVERS.matcher(answer.get().toXML().toString());
            if (!receivers.find()) {
                throw new AssertionError("no receivers in the answer");
            }
            return Integer.parseInt(receivers.group(1));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public int send(String key, String message) {
        LeakWatch.secret(message);
        return receivers(publish(key, message));
    }

    @Override
    public void sendAtOnce(String key, List<String> messages) {
        List<SmackFuture<IQ, Exception>> answers =
                messages.stream().map(message -> publish(key, message)).toList();
        answers.forEach(SmackSender::receivers);
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
