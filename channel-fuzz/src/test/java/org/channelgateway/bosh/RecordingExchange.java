package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request's connection without a network, that remembers its answers. Confined to one thread. */
final class RecordingExchange implements Exchange {
    /** Nano time at which the request came. */
    final long since;

    private byte @Nullable [] answer;
    private int answers;
    private @Nullable Runnable watcher;
    private boolean broken;

    RecordingExchange(long since) {
        this.since = since;
    }

    @Override
    public void answer(byte[] body) {
        answers++;
        answer = body;
        watcher = null;
    }

    @Override
    public void watch(Runnable gone) {
        if (answers == 0) {
            watcher = gone;
        }
    }

    @Override
    public String address() {
        return "192.0.2.1";
    }

    /** The browser closes the connection. */
    void breakOff() {
        Runnable gone = watcher;
        watcher = null;
        broken |= answers == 0;
        if (gone != null) {
            gone.run();
        }
    }

    boolean isOpen() {
        return answers == 0;
    }

    /** Open, and as far as anybody knows an answer would arrive. */
    boolean isHeld() {
        return answers == 0 && !broken;
    }

    int answers() {
        return answers;
    }

    /** The answer; empty while there is none. */
    String text() {
        return answer == null ? "" : new String(answer, StandardCharsets.UTF_8);
    }

    boolean isTerminal() {
        return text().contains("type='terminate'");
    }

    /** Says nothing of the request, but that it may be sent again (XEP-0124 §17.3). */
    boolean isError() {
        return text().contains("type='error'");
    }
}
