package org.channelgateway.ejabberd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.channelgateway.channel.Channel;
import org.channelgateway.channel.Headline;
import org.channelgateway.xml.XmlWriter;

/** One message on its way to the sessions of its channel, a few of them at a time. Written by one thread, awaited by another. */
final class FanOut {
    private final Channel channel;
    private final Headline.Addressed message;
    private final Runnable written;
    private final List<String> receivers;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final long bytes;
    private int next;
    /** Of those it is not both: what has begun is written to its end, and what is cancelled never begins. */
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    private enum State {
        WAITING,
        BEGUN,
        CANCELLED
    }

    /**
     * @param written run for each receiver when all is written
     * @param receivers full JIDs, at least one
     */
    FanOut(Channel channel, Headline.Addressed message, Runnable written, List<String> receivers) {
        this.channel = channel;
        this.message = message;
        this.written = written;
        this.receivers = receivers;
        long each = (long) message.head().length + message.tail().length;
        this.bytes = receivers.stream().mapToLong(jid -> each + jid.length()).sum();
    }

    Channel channel() {
        return channel;
    }

    /** How much it is in all, about. */
    long bytes() {
        return bytes;
    }

    /** Before the first {@link #fill}; false when nobody awaits it any more. */
    boolean begin() {
        return state.compareAndSet(State.WAITING, State.BEGUN) || state.get() == State.BEGUN;
    }

    /** Adds stanzas until {@code chunk} has {@code most} bytes; true when there are no more. */
    boolean fill(ByteArrayOutputStream chunk, int most) {
        do {
            chunk.writeBytes(message.head());
            chunk.writeBytes(XmlWriter.escapedAttribute(receivers.get(next)).getBytes(StandardCharsets.UTF_8));
            chunk.writeBytes(message.tail());
            next++;
        } while (next < receivers.size() && chunk.size() < most);
        return next == receivers.size();
    }

    /** Nobody awaits it any more; false when some of it is written or being written, and so will be the rest. */
    boolean cancel() {
        return state.compareAndSet(State.WAITING, State.CANCELLED);
    }

    /** Its last byte is written, or it was cancelled and none of it is. */
    void written() {
        if (state.get() == State.CANCELLED) {
            failed(new IOException("nobody awaited it any more"));
            return;
        }
        for (int i = 0; i < receivers.size(); i++) {
            written.run();
        }
        done.complete(null);
    }

    void failed(Exception why) {
        done.completeExceptionally(why);
    }

    /** Done when the last byte is written, or when that failed. */
    CompletableFuture<Void> done() {
        return done;
    }
}
