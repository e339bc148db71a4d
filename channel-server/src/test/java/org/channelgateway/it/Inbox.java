package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.w3c.dom.Element;

/** A subscriber that keeps what it is sent, and connects again when its gateway comes back. Thread-safe. */
final class Inbox implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GatewayFixture gateway;
    private final Created channel;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private volatile boolean connected;
    private volatile boolean closed;

    /** One that is connected. */
    Inbox(GatewayFixture gateway, Created channel) {
        this.gateway = gateway;
        this.channel = channel;
        Thread thread = new Thread(this::listen, "inbox");
        thread.setDaemon(true);
        thread.start();
        awaitConnected();
    }

    static Inbox of(GatewayFixture gateway, String key) {
        return new Inbox(gateway, gateway.api().create(key));
    }

    private void listen() {
        while (!closed) {
            Optional<WireClient> client =
                    await().atMost(PATIENCE).until(this::connect, now -> now.isPresent() || closed);
            client.ifPresent(this::listen);
        }
    }

    private Optional<WireClient> connect() {
        try {
            return closed ? Optional.empty() : Optional.of(Transport.TCP.connected(gateway, channel));
        } catch (AssertionError | UncheckedIOException e) {
            return Optional.empty(); // the gateway stops or is not there
        }
    }

    private void listen(WireClient client) {
        connected = true;
        try {
            while (true) {
                keep(client.next());
            }
        } catch (AssertionError | UncheckedIOException e) {
            connected = false; // the gateway has ended the stream
        }
    }

    private void keep(Element stanza) {
        if (stanza.getLocalName().equals("message")) {
            messages.add(WireClient.find(stanza, "body").get(0).getTextContent());
        } else if (stanza.getLocalName().equals("error")) {
            throw new AssertionError("the stream was ended");
        }
    }

    void awaitConnected() {
        await().atMost(PATIENCE).until(() -> connected);
    }

    /** What has arrived so far, in order. */
    List<String> messages() {
        return messages;
    }

    void awaitCount(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages).hasSizeGreaterThanOrEqualTo(count));
    }

    /** Takes no notice of what comes after; the gateway ends the connection. */
    @Override
    public void close() {
        closed = true;
    }
}
