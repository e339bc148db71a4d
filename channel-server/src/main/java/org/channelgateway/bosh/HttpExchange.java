package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.http.Call;
import org.channelgateway.http.ConnectionWatch;
import org.jspecify.annotations.Nullable;

/** An {@link Exchange} over a Jetty request. Thread-safe. */
final class HttpExchange implements Exchange {
    private final Call call;
    /** Set before the request is handed to its session. */
    private volatile ContentType content = ContentType.TEXT_XML_UTF8;

    private final ReentrantLock lock = new ReentrantLock();

    /** The watch that has to end before the answer may be written; null when there is none. */
    @GuardedBy("lock")
    private @Nullable ConnectionWatch watch;

    @GuardedBy("lock")
    private boolean answered;

    HttpExchange(Call call) {
        this.call = call;
    }

    /** The type of the answer (XEP-0124 §7.1). */
    void content(ContentType asked) {
        content = asked;
    }

    @Override
    public void watch(Runnable gone) {
        ConnectionWatch started;
        lock.lock();
        try {
            if (answered || watch != null) {
                return;
            }
            started = ConnectionWatch.of(call.request(), gone);
            watch = started;
        } finally {
            lock.unlock();
        }
        if (started != null) {
            started.start();
        }
    }

    @Override
    public String address() {
        return call.address();
    }

    @Override
    public void answer(byte[] body) {
        ConnectionWatch ending;
        lock.lock();
        try {
            answered = true;
            ending = watch;
        } finally {
            lock.unlock();
        }
        if (ending == null) {
            call.answer(200, content.field(), body);
        } else {
            ending.stop(() -> call.answer(200, content.field(), body));
        }
    }
}
