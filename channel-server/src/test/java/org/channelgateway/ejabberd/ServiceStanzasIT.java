package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.registry.CallbackLimits;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.DatabaseConfig;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.LeaseLimits;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.channelgateway.registry.Sessions;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the XMPP server says of sessions, as it gets into a real PostgreSQL. */
final class ServiceStanzasIT {
    private static final String APP = "app";
    private static final ChannelKey KEY = ChannelKey.of("room");

    private final Registry registry = Registry.open(
            new RegistryConfig(
                    Path.of("unused"),
                    new DatabaseConfig(
                            PostgresServer.shared().newDatabase(),
                            PostgresServer.USER,
                            PostgresServer.PASSWORD,
                            4,
                            true),
                    LeaseLimits.NONE,
                    CallbackLimits.NONE),
            InstantSource.system());
    private final String account =
            registry.leases().create(APP, KEY, Duration.ofHours(1)).lease().account();
    private final RefusalCounts refusals = new RefusalCounts();
    private final SerialTasks requests = new SerialTasks("requests", 2, 1 << 20);
    private final SerialTasks comings = new SerialTasks("comings", 2, 1 << 20);
    private final Outbox outbox = new Outbox(1 << 20);
    private final ServiceStanzas stanzas = new ServiceStanzas(
            "localhost",
            new ChannelIqs(
                    new ChannelService(
                            registry.leases(),
                            registry.secrets(),
                            new Subscribers(System::nanoTime),
                            "localhost",
                            System::nanoTime),
                    refusals,
                    System::nanoTime),
            new RemotePresence(registry.sessions(), new Nobody()),
            requests,
            comings,
            outbox,
            refusals);

    private static final class Nobody implements RemotePresence.Listener {
        @Override
        public boolean hears(String app) {
            return false;
        }

        @Override
        public void came(Sessions.Opened opened) {
            assertThat(opened.isNew()).isTrue();
        }

        @Override
        public void went(Lease lease) {
            assertThat(lease.app()).isEqualTo(APP);
        }

        @Override
        public Duration grace() {
            return Duration.ZERO;
        }
    }

    @AfterEach
    void close() {
        requests.close();
        comings.close();
        registry.close();
    }

    private void hear(String name, String type, String resource, XmlElement... children) {
        stanzas.accept(new XmlElement(
                "jabber:component:accept",
                name,
                List.of(
                        new XmlAttribute("", "from", account + "@localhost/" + resource),
                        new XmlAttribute("", "to", "channel.localhost"),
                        new XmlAttribute("", "type", type)),
                List.of(children)));
    }

    private void came(String resource) {
        stanzas.accept(new XmlElement(
                "jabber:component:accept",
                "presence",
                List.of(new XmlAttribute("", "from", account + "@localhost/" + resource)),
                List.of()));
    }

    private void error(String resource, String condition) {
        XmlElement why = new XmlElement("urn:ietf:params:xml:ns:xmpp-stanzas", condition, List.of(), List.of());
        hear("message", "error", resource, new XmlElement("jabber:component:accept", "error", List.of(), List.of(why)));
    }

    /** Of all that was said. */
    private Set<String> noted() {
        comings.close();
        return registry.sessions().of(APP, KEY).stream()
                .map(name -> name.resource())
                .collect(Collectors.toSet());
    }

    @Test
    void notesWhoComesAndGoes() {
        came("stays");
        came("goes");
        hear("presence", "unavailable", "goes");
        assertThat(noted()).containsExactly("stays");
    }

    /** It is noted before it comes: when it is not any more, it has gone, and this one was late. */
    @Test
    void doesNotNoteAgainWhatConnectHasNoted() {
        came(BoshLogin.RESOURCE + "abc");
        assertThat(noted()).isEmpty();
    }

    @Test
    void forgetsASessionWhenAnErrorSaysThatItIsGoneAndOtherwiseNot() {
        came("gone");
        came("busy");
        error("gone", "service-unavailable");
        error("busy", "resource-constraint");
        assertThat(noted()).containsExactly("busy");
    }

    @Test
    void countsAnAnswerThatCannotBeSent() {
        hear("message", "chat", "tab"); // refused, and there is no stream
        assertThat(refusals.count(new RefusalCounts.Refusal("api", "answer-not-sent")))
                .isEqualTo(1);
    }
}
