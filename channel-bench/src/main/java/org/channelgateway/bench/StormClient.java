package org.channelgateway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page with one channel, as channel-js behaves: connects with its token, polls, and connects again when it has lost its
 * gateway; pauses with full jitter, or as long as {@code Retry-After} says. Confined to one thread.
 */
final class StormClient {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
    private static final Pattern RETRY_AFTER = Pattern.compile("(?i)\r\nretry-after: *([0-9]+)");
    private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");
    private static final Pattern RID = Pattern.compile("\"rid\":([0-9]+)");
    private static final int ANSWER_BYTES = 2048;
    private static final double BASE_SECONDS = 1;
    private static final double MAX_SECONDS = 30;

    private final Selector selector;
    private final URI server;
    private final String token;
    private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES);
    private @Nullable SocketChannel channel;
    private @Nullable String sid;
    private long rid;
    private int attempt;
    private boolean held;
    /** When it tries again; 0 while it waits for an answer. */
    private long retryAt = 1;

    StormClient(Selector selector, URI server, String token) {
        this.selector = selector;
        this.server = server;
        this.token = token;
    }

    /** True while its poll is held by the gateway. */
    boolean isBack() {
        return held;
    }

    /** Connects when its pause is over. */
    void tick(long now) throws IOException {
        if (retryAt != 0 && now >= retryAt) {
            retryAt = 0;
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_CONNECT, this);
            try {
                if (opened.connect(new InetSocketAddress(server.getHost(), server.getPort()))) {
                    connected();
                }
            } catch (ConnectException e) {
                lost(null);
            }
        }
    }

    /** Does what its socket is ready for. */
    void ready(SelectionKey key) {
        SocketChannel open = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && open.finishConnect()) {
                connected();
            } else if (key.isReadable()) {
                if (open.read(answer) < 0) {
                    throw new EOFException("closed");
                }
                if (isWhole()) {
                    answered();
                }
            }
        } catch (IOException e) {
            lost(null);
        }
    }

    private void connected() throws IOException {
        if (sid == null) {
            post("/_ah/channel/connect", token);
        } else {
            poll(); // once more, as Strophe repeats it
        }
    }

    private void poll() throws IOException {
        post("/http-bind", "<body xmlns='http://jabber.org/protocol/httpbind' sid='" + sid + "' rid='" + rid + "'/>");
    }

    private void post(String path, String body) throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            throw new EOFException("closed");
        }
        answer.clear();
        String request = "POST " + path + " HTTP/1.1\r\nHost: " + server.getRawAuthority()
                + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        open.register(selector, SelectionKey.OP_READ, this);
        open.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1))); // small enough for the empty buffer of a new socket
    }

    private String text() {
        return new String(answer.array(), 0, answer.position(), ISO_8859_1);
    }

    private boolean isWhole() {
        String text = text();
        int head = text.indexOf("\r\n\r\n");
        Matcher length = LENGTH.matcher(text);
        return head >= 0 && length.find() && text.length() >= head + 4 + Integer.parseInt(length.group(1));
    }

    private void answered() throws IOException {
        String text = text();
        if (!text.startsWith("HTTP/1.1 200 ")) {
            Matcher retryAfter = RETRY_AFTER.matcher(text);
            lost(retryAfter.find() ? Integer.valueOf(retryAfter.group(1)) : null);
        } else if (text.contains("type='terminate'")) { // the session is gone, the gateway is not
            sid = null;
            held = false;
            connected();
        } else if (sid == null) {
            sid = group(SID, text);
            rid = Long.parseLong(group(RID, text));
            held = true;
            attempt = 0;
            poll();
        } else {
            rid++;
            poll();
        }
    }

    private static String group(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("connect: "
                    + text.toLowerCase(Locale.ROOT).lines().findFirst().orElse("") + " (expected: a session)");
        }
        return matcher.group(1);
    }

    private void lost(@Nullable Integer retryAfterSeconds) {
        held = false;
        close();
        double random = ThreadLocalRandom.current().nextDouble();
        double pause = retryAfterSeconds == null
                ? random * Math.min(MAX_SECONDS, BASE_SECONDS * (1 << Math.min(attempt++, 10)))
                : retryAfterSeconds * (1 + random / 4);
        retryAt = System.nanoTime() + Math.max(1, (long) (pause * TimeUnit.SECONDS.toNanos(1)));
    }

    void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // gone, which is what was wanted
        }
        channel = null;
    }
}
