package org.channelgateway.it;

import java.io.IOException;
import java.util.List;
import java.util.Map;
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

/** Asks by IQs that Smack carries as they are written here. */
final class SmackSender implements Sender {
    /** An attribute and its value, in the XML of Smack, which escapes what it does not know. */
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)=(?:'|\"|&apos;|&quot;)([\\w-]*)");

    private final XMPPTCPConnection connection;

    SmackSender(GatewayFixture gateway, String app) {
        try {
            connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                    .setHost("127.0.0.1")
                    .setPort(gateway.xmpp().getPort())
                    .setXmppDomain(WireClient.DOMAIN)
                    .setUsernameAndPassword("app-" + app, gateway.api().secret())
                    .setSecurityMode(SecurityMode.disabled)
                    .setSendPresence(false)
                    .build());
            connection.connect().login();
        } catch (IOException | SmackException | XMPPException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Request extends IQ {
        private final Map<String, String> attributes;
        private final String text;

        Request(String element, Map<String, String> attributes, String text) {
            super(element, "urn:channelgateway:1");
            this.attributes = attributes;
            this.text = text;
            setType(Type.set);
            setTo(JidCreate.domainBareFromOrThrowUnchecked("channel." + WireClient.DOMAIN));
        }

        /** Smack would write a CR as it is, which every reader takes for a LF (XML 1.0 §2.11). */
        @Override
        protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
            attributes.forEach(xml::attribute);
            xml.rightAngleBracket();
            xml.append(text.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\r", "&#13;"));
            return xml;
        }
    }

    private SmackFuture<IQ, Exception> publish(String key, String message) {
        return connection.sendIqRequestAsync(new Request("publish", Map.of("key", key), message));
    }

    private static int receivers(SmackFuture<IQ, Exception> answer) {
        return Integer.parseInt(attribute(answer, "receivers"));
    }

    private static String attribute(SmackFuture<IQ, Exception> answer, String name) {
        return ATTRIBUTE
                .matcher(answered(answer).toXML())
                .results()
                .filter(attribute -> attribute.group(1).equals(name))
                .map(attribute -> attribute.group(2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in the answer"));
    }

    private static IQ answered(SmackFuture<IQ, Exception> answer) {
        try {
            return answer.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private SmackFuture<IQ, Exception> ask(String element, Map<String, String> attributes) {
        return connection.sendIqRequestAsync(new Request(element, attributes, ""));
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
    public String token(String key) {
        return attribute(ask("create", Map.of("key", key)), "token");
    }

    @Override
    public String token(String key, int minutes) {
        return attribute(ask("create", Map.of("key", key, "duration", String.valueOf(minutes))), "token");
    }

    @Override
    public void revoke(String key) {
        answered(ask("revoke", Map.of("key", key)));
    }

    @Override
    public void revokeToken(String token) {
        answered(ask("revoke", Map.of("token", token)));
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
