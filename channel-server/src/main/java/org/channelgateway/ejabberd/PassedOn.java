package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.channelgateway.bosh.BoshRequest;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.bosh.HttpExchange;
import org.channelgateway.http.Problem;
import org.channelgateway.limit.Retry;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/** One request that is passed on, until it is answered, its browser is gone, or its lease is over: whatever comes first. */
final class PassedOn implements Posting.Receiver {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;
    private static final byte[] BODY = ascii("<body");
    private static final byte[] EMPTY_END = ascii("/>");
    private static final byte[] END = ascii("</body>");

    private final BoshProxy proxy;
    private final HttpExchange exchange;
    private final BoshRequest request;
    /** Null for a session that logged in by itself. */
    private final @Nullable BoshPath path;

    private final UpstreamNode node;
    private final ProxiedBody body;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile @Nullable Posting posting;

    PassedOn(
            BoshProxy proxy,
            HttpExchange exchange,
            BoshRequest request,
            @Nullable BoshPath path,
            UpstreamNode node,
            ProxiedBody body) {
        this.proxy = proxy;
        this.exchange = exchange;
        this.request = request;
        this.path = path;
        this.node = node;
        this.body = body;
    }

    void start() {
        exchange.watch(this::gone);
        posting = node.post(body.bytes(), this);
        if (isOver.get()) { // the browser went meanwhile
            cancel();
        }
    }

    private void gone() {
        if (end()) {
            cancel();
            exchange.answer(BoshXml.RECOVERABLE_ERROR); // nobody reads it, but the request has to end
        }
    }

    /** It is answered with a status: the session may live on, and its client repeats the request. */
    void comeAgain() {
        if (end()) {
            cancel();
            exchange.answer(new Problem(
                    503,
                    "the XMPP server does not answer now (expected: the same request again)",
                    Retry.after(SOON),
                    "upstream"));
        }
    }

    private void cancel() {
        Posting sent = posting;
        if (sent != null) {
            sent.cancel();
        }
    }

    private boolean end() {
        boolean isFirst = !isOver.getAndSet(true);
        if (isFirst) {
            proxy.over(this);
        }
        return isFirst;
    }

    private void answer(byte[] bytes) {
        if (end()) {
            exchange.answer(bytes);
        }
    }

    @Override
    public void answered(int status, byte[] answer) {
        if (status >= SERVER_ERROR || (status == OK && !startsWith(answer, BODY))) {
            comeAgain();
        } else if (status != OK) {
            answer(BoshXml.NOT_FOUND);
        } else {
            byte[] escaped = CarriageReturns.escaped(answer, answer.length);
            answer(body.refusals().isEmpty() ? escaped : with(body.refusals(), escaped));
        }
    }

    @Override
    public void failed(Throwable why) {
        comeAgain();
    }

    @Override
    public void tooLong() {
        if (end()) {
            BoshProxy.end(node, request.sid());
            exchange.answer(BoshXml.NOT_FOUND);
        }
    }

    /** Ends the session when its lease is over. */
    void endAt(long epochSecond) {
        if (path != null && epochSecond >= path.expiry() && end()) {
            cancel();
            BoshProxy.end(node, request.sid());
            exchange.answer(BoshProxy.timedOut());
        }
    }

    /** Puts stanzas into an answer, behind what is in it. */
    static byte[] with(List<XmlElement> stanzas, byte[] answer) {
        StringBuilder more = new StringBuilder();
        stanzas.forEach(stanza -> more.append(new XmlWriter(256).element(stanza)));
        byte[] added = more.toString().getBytes(StandardCharsets.UTF_8);
        if (endsWith(answer, END)) {
            return joined(Arrays.copyOf(answer, answer.length - END.length), added, END);
        }
        boolean isEmpty = endsWith(answer, EMPTY_END);
        byte[] open = isEmpty
                ? joined(Arrays.copyOf(answer, answer.length - EMPTY_END.length), ascii(">"))
                : ascii("<body xmlns='" + BoshXml.NAMESPACE + "'>");
        return joined(open, added, END);
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static boolean endsWith(byte[] bytes, byte[] end) {
        return bytes.length >= end.length
                && Arrays.equals(bytes, bytes.length - end.length, bytes.length, end, 0, end.length);
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
