package org.channelgateway.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.channelgateway.limit.Quota;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A client's socket that knows since when its request comes, or its answer waits to be read. It has no timer: whoever looks at
 * all of them now and then asks what is {@link #late}, so a held poll costs nothing. Thread-safe.
 */
final class ClientEndPoint extends SocketChannelEndPoint {
    /** What a connection took too long for. */
    enum Late {
        NO,
        /** To send a request, or the first one at all. */
        REQUEST,
        /** To read an answer. */
        ANSWER,
        /** To send another request. */
        IDLE
    }

    private enum Phase {
        /** Nothing has come yet. */
        OPENED,
        /** A part of a request has come. */
        REQUEST,
        /** A request has come whole, and its answer is not written. */
        ANSWER,
        /** The last answer is written. */
        IDLE
    }

    private final LongSupplier ticker;
    private final Quota quota;
    private final TrustedProxies proxies;
    private final @Nullable String network;
    private final Quota.Verdict verdict;
    /** Nano time at which the phase began: written before the phase, read after it. */
    private volatile long since;

    private volatile Phase phase = Phase.OPENED;
    /** Bytes wait that the socket does not take. */
    private volatile boolean stalled;

    private volatile long stalledSince;

    ClientEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            LongSupplier ticker,
            Quota quota,
            TrustedProxies proxies)
            throws IOException {
        super(channel, selector, key, scheduler);
        this.ticker = ticker;
        this.quota = quota;
        this.proxies = proxies;
        this.since = ticker.getAsLong();
        InetAddress address = channel.socket().getInetAddress();
        this.network = proxies.trusts(address) ? null : quota.network(address); // it brings the clients of many
        this.verdict = quota.enter(network);
    }

    /** The one of a request; null without a socket. */
    static @Nullable ClientEndPoint of(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return endPoint instanceof ClientEndPoint client ? client : null;
    }

    /** Whether there was room for it. */
    Quota.Verdict verdict() {
        return verdict;
    }

    /** What its client is counted under; null when it is not. */
    @Nullable
    String network() {
        return network;
    }

    /** The same for an address of which a proxy says that a request comes from it. */
    @Nullable
    String network(String address) {
        return quota.network(address);
    }

    /** Who is believed about where a request comes from. */
    TrustedProxies proxies() {
        return proxies;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0) {
            requestBegins();
            if (getConnection() instanceof ClientConnection connection && !connection.filled(filled)) {
                throw new IOException("no room for the head of a request");
            }
        }
        return filled;
    }

    /** What comes while an answer is due is pipelined, and has its time from that answer on. */
    void requestBegins() {
        Phase before = phase;
        if (before == Phase.OPENED || before == Phase.IDLE) {
            since = ticker.getAsLong();
            phase = Phase.REQUEST;
        }
    }

    /** A part of a request has come. */
    boolean isInRequest() {
        return phase == Phase.REQUEST;
    }

    /** The last byte of a request has come. */
    void requestEnds() {
        phase = Phase.ANSWER;
    }

    /** True when it should not be kept for another request. */
    boolean isCrowding() {
        return getConnection() instanceof ClientConnection connection && connection.isCrowding();
    }

    /** The answer is written. */
    void answered() {
        since = ticker.getAsLong();
        phase = Phase.IDLE;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        boolean all = super.flush(buffers);
        if (all) {
            stalled = false;
        }
        return all;
    }

    @Override
    protected void onIncompleteFlush() {
        if (!stalled) {
            stalledSince = ticker.getAsLong();
            stalled = true;
        }
        super.onIncompleteFlush();
    }

    Late late(long now, HttpLimits limits) {
        if (stalled && now - stalledSince >= limits.answerTime().toNanos()) {
            return Late.ANSWER;
        }
        Phase present = phase;
        if (present == Phase.ANSWER) {
            return Late.NO;
        }
        boolean idle =
                present == Phase.IDLE && (now - since < limits.requestTime().toNanos() || !hasPartOfRequest());
        long most = (idle ? limits.idle() : limits.requestTime()).toNanos();
        if (now - since < most) {
            return Late.NO;
        }
        return idle ? Late.IDLE : Late.REQUEST;
    }

    /**
     * A part of a request came together with one before it, and was read once that one was answered: no byte of it comes from the
     * socket any more.
     */
    private boolean hasPartOfRequest() {
        return getConnection() instanceof ClientConnection connection && connection.isInHead();
    }

    /** Closes it, and with it what the request and its answer took. */
    void end(Late late) {
        if (late == Late.ANSWER) {
            forgetUnread();
        }
        close(new TimeoutException("the client took too long: " + late));
    }

    /** What the client does not read is not kept by the system either. */
    private void forgetUnread() {
        try {
            getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException | UnsupportedOperationException e) {
            // it is closed already
        }
    }

    @Override
    public void onClose(@Nullable Throwable failure) {
        if (verdict == Quota.Verdict.TAKEN) {
            quota.leave(network);
        }
        super.onClose(failure);
    }
}
