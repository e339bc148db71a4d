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

/** The channel service by hand (XEP-0114): reads all, understands nothing. Thread-safe. */
final class OutsideComponent implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("<stream:stream[^>]* id='([^']*)'");

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
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                synchronized (heard) {
                    heard.append(new String(buffer, 0, n, UTF_8));
                }
            }
        } catch (IOException e) {
            // closed
        }
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
