package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.http.Call;
import org.channelgateway.http.ConnectionWatch;
import org.channelgateway.http.Problem;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** An {@link Exchange} over a Jetty request. Thread-safe. */
public final class HttpExchange implements Exchange {
    private final Call call;
    /** Set before the request is handed to its session. */
    private volatile ContentType content = ContentType.TEXT_XML_UTF8;

    private final ReentrantLock lock = new ReentrantLock();

    /** The watch that has to end before the answer may be written; null when there is none. */
    @GuardedBy("lock")
    private @Nullable ConnectionWatch watch;

    @GuardedBy("lock")
    private boolean answered;

    public HttpExchange(Call call) {
        this.call = call;
    }

    /** The type of the answer (XEP-0124 §7.1). */
    public void content(ContentType asked) {
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

    /** No encoding is offered with {@code accept} (XEP-0124 §7.2): whoever could send one could send a bomb. */
    public boolean isEncoded() {
        String encoding = call.header(HttpHeader.CONTENT_ENCODING);
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    @Override
    public void answer(byte[] body) {
        unwatched(() -> call.answer(200, content.field(), body));
    }

    /** Sends a status in place of a body: the client asks again. */
    public void answer(Problem problem) {
        unwatched(() -> call.answer(problem));
    }

    private void unwatched(Runnable answer) {
        ConnectionWatch ending;
        lock.lock();
        try {
            answered = true;
            ending = watch;
        } finally {
            lock.unlock();
        }
        if (ending == null) {
            answer.run();
        } else {
            ending.stop(answer);
        }
    }
}
