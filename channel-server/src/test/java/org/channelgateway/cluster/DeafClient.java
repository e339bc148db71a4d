package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that logs in over TCP, and then keeps its connection and reads nothing. */
final class DeafClient implements AutoCloseable {
    private static final Pattern CONTENT = Pattern.compile(">([^<>]+)</(?:challenge|jid)>");
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";

    private final Socket socket = new Socket();
    private final String jid;

    DeafClient(EjabberdProcess ejabberd, String localpart, String password) throws IOException, ScramException {
        socket.setReceiveBufferSize(8_192);
        InetSocketAddress c2s = ejabberd.c2s();
        socket.connect(c2s);
        ScramClient scram = ScramClient.builder()
                .advertisedMechanisms(List.of("SCRAM-SHA-1"))
                .username(localpart)
                .password(password.toCharArray())
                .build();
        String unused = ask(header(ejabberd), "</stream:features>");
        String challenge = ask(
                "<auth xmlns='" + SASL + "' mechanism='SCRAM-SHA-1'>" + base64(scram.clientFirstMessage()) + "</auth>",
                "</challenge>");
        scram.serverFirstMessage(new String(Base64.getDecoder().decode(content(challenge)), UTF_8));
        unused = ask(
                "<response xmlns='" + SASL + "'>" + base64(scram.clientFinalMessage()) + "</response>", "</success>");
        unused = ask(header(ejabberd), "</stream:features>");
        jid = content(ask("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"));
    }

    private static String header(EjabberdProcess ejabberd) {
        return "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='"
                + ejabberd.domain() + "'>";
    }

    private static String base64(Object message) {
        return Base64.getEncoder().encodeToString(message.toString().getBytes(UTF_8));
    }

    private static String content(String xml) {
        Matcher matcher = CONTENT.matcher(xml);
        if (!matcher.find()) {
            throw new AssertionError(xml + " (expected: a challenge or a JID)");
        }
        return matcher.group(1);
    }

    private String ask(String xml, String end) throws IOException {
        return RawStream.ask(socket, xml, end);
    }

    /** The full JID that ejabberd gave it. */
    String jid() {
        return jid;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
