package org.channelgateway.c2s;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;

/** Records what a client sends, and that it comes from one thread at a time and never after the end. */
final class FakeStream implements StreamApplication.Stream {
    /** Local names of the stanzas, with their ids, {@code restart} and {@code closed}. */
    final List<String> events = new CopyOnWriteArrayList<>();

    /** What of these came together. */
    final List<List<String>> batches = new CopyOnWriteArrayList<>();

    final ClientTransport transport;
    private final BiConsumer<FakeStream, XmlElement> then;
    private final List<String> batch = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();

    FakeStream(ClientTransport transport, BiConsumer<FakeStream, XmlElement> then) {
        this.transport = transport;
        this.then = then;
    }

    boolean send(String xml) {
        return transport.send(new EncodedStanza(xml));
    }

    @Override
    public void restarted() {
        alone(() -> {
            events.add("restart");
            send("<stream:features><bind/></stream:features>");
        });
    }

    @Override
    public void received(XmlElement stanza) {
        alone(() -> {
            String id = stanza.attribute("id");
            String event = stanza.name() + (id == null ? "" : " " + id);
            events.add(event);
            batch.add(event);
            then.accept(this, stanza);
        });
    }

    @Override
    public void batchEnded() {
        alone(() -> {
            if (!batch.isEmpty()) {
                batches.add(List.copyOf(batch));
                batch.clear();
            }
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
