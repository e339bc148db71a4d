package org.channelgateway.ejabberd;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One request to ejabberd, and the one outcome of it. Thread-safe. */
final class Posting {
    /** Told of the outcome, once and never after {@link Posting#cancel}, by a thread that must not be held up. */
    interface Receiver {
        /** Wants to know nothing. */
        Receiver NONE = new Receiver() {
            @Override
            public void answered(int status, byte[] body) {}

            @Override
            public void failed(Throwable why) {}

            @Override
            public void tooLong() {}
        };

        void answered(int status, byte[] body);

        /** There is no answer: no node can be reached, one hangs, or what it says is no HTTP. */
        void failed(Throwable why);

        /** The answer is longer than may be. */
        void tooLong();
    }

    private final byte[] body;
    private final Receiver receiver;
    private final AtomicInteger others;
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile @Nullable UpstreamConnection connection;

    /** @param others how many other nodes may be asked when one cannot be reached */
    Posting(byte[] body, Receiver receiver, int others) {
        this.body = body;
        this.receiver = receiver;
        this.others = new AtomicInteger(others);
    }

    /** Not to be changed. */
    byte[] body() {
        return body;
    }

    /** True when another node may be asked, once for each. */
    boolean mayGoElsewhere() {
        return !isDone() && others.getAndDecrement() > 0;
    }

    boolean isDone() {
        return done.get();
    }

    void sentOver(UpstreamConnection now) {
        connection = now;
    }

    /** Nobody waits for the outcome any more: the connection is closed, which is how ejabberd learns of it. */
    void cancel() {
        if (!done.getAndSet(true)) {
            UpstreamConnection now = connection;
            if (now != null) {
                now.abandon(this);
            }
        }
    }

    void answer(int status, byte[] body) {
        if (!done.getAndSet(true)) {
            receiver.answered(status, body);
        }
    }

    void fail(Throwable why) {
        if (!done.getAndSet(true)) {
            receiver.failed(why);
        }
    }

    void tooLong() {
        if (!done.getAndSet(true)) {
            receiver.tooLong();
        }
    }
}
