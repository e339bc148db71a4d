package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.RefusedException;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** A registry that is gone for a while: its database was closed, and something else has its file. */
final class GoneRegistryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String APPLICATION = "app-guestbook@localhost";
    private static final String CREATE = "<create xmlns='urn:channelgateway:1' key='%s'/>";

    private static GatewayFixture gateway;

    private final String key = "registry/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Has the file of the registry, so that no database can. */
    private static FileChannel takeFile() throws IOException {
        FileChannel file = FileChannel.open(
                gateway.data().resolve("registry.mv.db"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        await().atMost(PATIENCE).until(() -> {
            shutDown();
            return tryLock(file).isPresent();
        });
        return file;
    }

    private static void shutDown() {
        String url = "jdbc:h2:file:" + gateway.data().resolve("registry") + ";IFEXISTS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
            connection.createStatement().execute("SHUTDOWN");
        } catch (SQLException e) {
            // it was closed meanwhile
        }
    }

    private static Optional<FileLock> tryLock(FileChannel file) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // the gateway has opened it again
        }
    }

    private static HttpResponse<String> post(String path, String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve(path))
                .header("Authorization", "Bearer " + gateway.api().secret())
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        return ChannelApi.send(ChannelApi.client(), request);
    }

    private static HttpResponse<String> ready() {
        return ChannelApi.send(
                ChannelApi.client(),
                HttpRequest.newBuilder(gateway.uri().resolve("readyz")).build());
    }

    private static HttpResponse<String> create(String key) {
        return post("v1/channels", "application/json", "{\"key\":\"" + key + "\"}");
    }

    private static void assertGone(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After").orElseThrow()).matches("[5-9]|10");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("the registry cannot be reached now");
    }

    private static void assertGone(Element answer) {
        assertThat(answer.getAttribute("type")).isEqualTo("error");
        Element error = WireClient.find(answer, "error").get(0);
        assertThat(error.getAttribute("type")).isEqualTo("wait");
        assertThat(WireClient.elements(error))
                .extracting(Element::getLocalName)
                .containsExactly("resource-constraint", "text");
        assertThat(error.getTextContent()).isEqualTo("the registry cannot be reached now");
    }

    @Test
    void isSaidAndMessagesGoOnAndAllIsWellWhenItIsBack() throws IOException {
        Created channel = gateway.api().create(key);
        WireClient subscriber = Transport.TCP.connected(gateway, channel);
        WireClient application =
                Transport.TCP.connected(gateway, APPLICATION, gateway.api().secret());
        ChannelClient client = ClientFixture.connect(gateway);

        try (FileChannel file = takeFile()) {
            assertThat(file.isOpen()).isTrue();
            assertGone(create(key));
            assertGone(application.iq("set", "channel.localhost", CREATE.formatted(key)));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.createChannel(key))
                    .withMessage("resource-constraint: the registry cannot be reached now")
                    .matches(RefusedException::temporary);
            assertGone(post("_ah/channel/connect", "text/plain", channel.token()));
            assertThat(ready().statusCode()).isEqualTo(503);
            assertThat(ready().body()).contains("\"reasons\":[\"database: ");
            Metrics seen = Metrics.of(gateway);
            assertThat(seen.find("gateway_database_up")).hasValue(0);
            assertThat(seen.value("gateway_leases")).isNaN();
            assertThat(seen.value("gateway_refusals_total{door=\"connect\",reason=\"registry\"}"))
                    .isEqualTo(1);
            assertThat(seen.value("gateway_refusals_total{door=\"api\",reason=\"registry\"}"))
                    .isPositive();
            WireClient late = Transport.TCP.open(gateway);
            assertThat(WireClient.only(late.login("", WireClient.localpart(channel.jid()), channel.token()))
                            .getLocalName())
                    .isEqualTo("temporary-auth-failure");

            assertThat(gateway.api().send(key, "all the same")).isEqualTo(1);
            assertThat(subscriber.next().getTextContent()).isEqualTo("all the same");
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(create(key).statusCode()).isEqualTo(201));
        await().atMost(PATIENCE).until(() -> ready().statusCode() == 200);
        Metrics.until(gateway, "gateway_database_up", up -> up == 1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application
                                .iq("set", "channel.localhost", CREATE.formatted(key))
                                .getAttribute("type"))
                        .isEqualTo("result"));
        assertThat(client.createChannel(key)).startsWith("ct_");
        client.close();
        WireClient twin = Transport.BOSH.connected(gateway, channel);
        assertThat(gateway.api().send(key, "to both")).isEqualTo(2);
        assertThat(subscriber.next().getTextContent()).isEqualTo("to both");
        assertThat(twin.next().getTextContent()).isEqualTo("to both");
    }
}
