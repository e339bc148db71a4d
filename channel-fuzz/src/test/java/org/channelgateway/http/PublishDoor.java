package org.channelgateway.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.channelgateway.api.http.AppSecrets;
import org.channelgateway.api.http.MessageRoutes;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.channel.Subscription;
import org.channelgateway.channel.XmppSession;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.xml.EncodedStanza;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;

/** The gateway's HTTP and its publish door, without a socket; who listens to a key writes down what arrives. */
final class PublishDoor {
    private static final String APP = "fuzz";
    private static final int HEADER_BYTES = 8192;

    private final Registry registry;
    private final Subscribers subscribers = new Subscribers(System::nanoTime);
    private final Server server = new Server();
    private final LocalConnector connector;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    /** A session that is handed what is published to one key. */
    static final class Listener implements XmppSession {
        private final ConcurrentLinkedQueue<String> stanzas = new ConcurrentLinkedQueue<>();

        @Override
        public boolean deliver(EncodedStanza stanza) {
            return stanzas.add(new String(stanza.bytes(), StandardCharsets.UTF_8));
        }

        @Override
        public void end(SessionEnd why) {
            throw new AssertionError("nobody ends it, but: " + why);
        }

        List<String> stanzas() {
            return List.copyOf(stanzas);
        }
    }

    /** @param folder for the registry, empty */
    PublishDoor(Path folder) throws Exception {
        registry = Registry.open(new RegistryConfig(folder), InstantSource.system());
        ChannelService channels =
                new ChannelService(registry.leases(), registry.secrets(), subscribers, "example.org", System::nanoTime);
        HttpConfiguration http = HttpServer.http(new HttpConfig("127.0.0.1", 0, Duration.ofSeconds(30), HEADER_BYTES));
        connector = new LocalConnector(server, new HttpConnectionFactory(http));
        server.addConnector(connector);
        server.setHandler(new Router(
                new MessageRoutes(channels, new AppSecrets(Map.of(APP, "secret"))).routes(),
                new Origins(Set.of()),
                null,
                new RefusalCounts(),
                HeapRoom.part(16),
                HeapRoom.part(8)));
        server.setErrorHandler(new ProblemErrorHandler(new RefusalCounts()));
        server.start();
    }

    /** Lets somebody listen to a key until {@link #nobodyListens}. */
    Listener listen(String key) {
        Listener listener = new Listener();
        Instant now = Instant.now();
        Lease lease = new Lease("ch-fuzz", APP, ChannelKey.of(key), now, now.plusSeconds(3600));
        Subscription subscription = new Subscription(lease, listener);
        subscribers.add(subscription);
        subscriptions.add(subscription);
        listeners.add(listener);
        return listener;
    }

    void nobodyListens() {
        subscriptions.forEach(subscription -> subscribers.remove(subscription, false));
        subscriptions.clear();
        listeners.clear();
    }

    /** How many messages arrived anywhere. */
    int arrived() {
        return listeners.stream().mapToInt(listener -> listener.stanzas.size()).sum();
    }

    /**
     * Posts a body.
     *
     * @param path as it stands in the request line, whatever it is
     * @param headers lines that end with CRLF
     */
    HttpTester.Response post(byte[] path, String headers, byte[] body) throws Exception {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii("POST "));
        request.writeBytes(path);
        request.writeBytes(ascii(" HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer secret\r\n" + headers
                + "Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n"));
        request.writeBytes(body);
        ByteBuffer answer = connector.getResponse(ByteBuffer.wrap(request.toByteArray()));
        HttpTester.Response response = answer == null ? null : HttpTester.parseResponse(answer);
        if (response == null) {
            throw new AssertionError("no answer");
        }
        return response;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void stop() throws Exception {
        server.stop();
        registry.close();
    }
}
