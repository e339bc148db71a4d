package org.channelgateway.bosh;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.XmlElement;

/** Records what a browser sends, and that it comes from one thread at a time and never after the end. */
final class FakeStream implements StreamApplication.Stream {
    /** Local names of the stanzas, {@code restart} and {@code closed}. */
    final List<String> events = new CopyOnWriteArrayList<>();

    private final AtomicInteger inside = new AtomicInteger();
    private volatile Consumer<XmlElement> then = stanza -> {};

    /** What the application does with a stanza. */
    void onStanza(Consumer<XmlElement> step) {
        then = step;
    }

    @Override
    public void restarted() {
        alone(() -> events.add("restart"));
    }

    @Override
    public void received(XmlElement stanza) {
        alone(() -> {
            events.add(stanza.name());
            then.accept(stanza);
        });
    }

    @Override
    public void closed() {
        alone(() -> events.add("closed"));
    }

    private void alone(Runnable step) {
        if (inside.incrementAndGet() != 1 || events.contains("closed")) {
            events.add("NOT ALONE");
        }
        try {
            step.run();
        } finally {
            inside.decrementAndGet();
        }
    }
}
