package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A request's connection without a network. Thread-safe. */
final class FakeExchange implements Exchange {
    private final AtomicReference<byte[]> answer = new AtomicReference<>();
    private final AtomicReference<Runnable> watcher = new AtomicReference<>();

    @Override
    public void answer(byte[] body) {
        if (!answer.compareAndSet(null, body)) {
            throw new AssertionError("answered twice: " + answer() + " and " + text(body));
        }
    }

    @Override
    public void watch(Runnable gone) {
        if (answer.get() == null) {
            watcher.set(gone);
        }
    }

    @Override
    public String address() {
        return "192.0.2.1";
    }

    /** The browser closes the connection; true when somebody noticed. */
    boolean breakOff() {
        Runnable gone = watcher.getAndSet(null);
        if (gone != null) {
            gone.run();
        }
        return gone != null;
    }

    boolean isWatched() {
        return watcher.get() != null;
    }

    boolean isHeld() {
        return answer.get() == null;
    }

    /** The answer; empty while the request is held. */
    String answer() {
        byte[] body = answer.get();
        return body == null ? "" : text(body);
    }

    byte @Nullable [] bytes() {
        return answer.get();
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
