package org.channelgateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The channel service by hand (XEP-0114): it notes what arrives, and refuses what it is asked. Thread-safe. */
final class OutsideComponent implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("<stream:stream[^>]* id='([^']*)'");

    private static final Pattern ASKED = Pattern.compile("<iq [^>]*type='[gs]et'[^>]*>");
    private static final Pattern FROM = Pattern.compile(" from='([^']*)'");
    private static final Pattern STANZA_ID = Pattern.compile(" id='([^']*)'");

    private final Socket socket;
    private final StringBuilder heard = new StringBuilder();

    OutsideComponent(EjabberdProcess ejabberd) {
        try {
            socket = new Socket(
                    ejabberd.component().getAddress(), ejabberd.component().getPort());
            new Thread(this::read, "component").start();
            send(
                    "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='channel."
                            + ejabberd.domain() + "'>");
            Awaitility.await().until(() -> ID.matcher(heard()).find());
            Matcher id = ID.matcher(heard());
            id.find();
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((id.group(1) + ejabberd.componentSecret()).getBytes(UTF_8));
            send("<handshake>" + HexFormat.of().formatHex(hash) + "</handshake>");
            Awaitility.await().until(() -> heard().contains("<handshake/>"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void read() {
        byte[] buffer = new byte[1 << 16];
        int answered = 0;
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                synchronized (heard) {
                    heard.append(new String(buffer, 0, n, UTF_8));
                }
                Matcher asked = ASKED.matcher(heard());
                while (asked.find(answered)) {
                    answered = asked.end();
                    send("<iq type='error' from='channel.localhost' to='" + group(FROM, asked.group()) + "' id='"
                            + group(STANZA_ID, asked.group()) + "'><error type='cancel'><service-unavailable"
                            + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    void send(String xml) {
        try {
            socket.getOutputStream().write(xml.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that has arrived. */
    String heard() {
        synchronized (heard) {
            return heard.toString();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
