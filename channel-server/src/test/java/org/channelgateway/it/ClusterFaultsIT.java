package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers of a cluster go away, hang and come back under traffic: nobody is told anything wrong, and all goes on by itself. */
final class ClusterFaultsIT {
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final int SUBSCRIBERS = 4;
    private static final int MORE = 50;
    /** Of the publishers the first ones ask one gateway each, whatever nginx does. */
    private static final int ALONE = 2;

    private static PostgresServer postgres;
    private static ClusterServers servers;
    private static ClusterProcesses cluster;

    private final String key = "faults-" + UUID.randomUUID();
    private String token;
    private List<ClusterPublisher> publishers;
    private List<ClusterSubscriber> subscribers;

    @BeforeAll
    static void start() {
        postgres = new PostgresServer();
        servers = new ClusterServers(postgres);
        cluster = new ClusterProcesses(servers, "https://www.example.org");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        servers.close();
        postgres.close();
    }

    @BeforeEach
    void traffic() {
        token = cluster.first().api().token(key);
        subscribers = IntStream.range(0, SUBSCRIBERS)
                .mapToObj(i -> new ClusterSubscriber(cluster.nginx().uri(), token))
                .toList();
        await().atMost(RECOVERY)
                .until(() -> cluster.second().api().subscribers(key).orElse(0) == SUBSCRIBERS);
        publishers = List.of(
                new ClusterPublisher(cluster.first().uri(), key, "first"),
                new ClusterPublisher(cluster.second().uri(), key, "second"),
                new ClusterPublisher(cluster.nginx().inside(), key, "any"));
        flows();
    }

    @AfterEach
    void end() {
        publishers.forEach(ClusterPublisher::close);
        subscribers.forEach(ClusterSubscriber::close);
        cluster.first().api().revoke(key);
    }

    private List<Integer> now() {
        return publishers.stream().map(ClusterPublisher::next).toList();
    }

    /** Waits until each subscriber has got something from each publisher that was not sent before. */
    private void flows() {
        List<Integer> from = now();
        await().atMost(RECOVERY).untilAsserted(() -> {
            for (int i = 0; i < publishers.size(); i++) {
                for (ClusterSubscriber subscriber : subscribers) {
                    assertThat(subscriber.numbersFrom(publishers.get(i), from.get(i)))
                            .isNotEmpty();
                }
            }
        });
    }

    private void awaitRefusals() {
        List<Integer> from = now();
        await().atMost(RECOVERY)
                .until(() -> IntStream.range(0, publishers.size())
                        .allMatch(
                                i -> publishers.get(i).refusedFrom(from.get(i)).size() > 1));
    }

    private void awaitMore() {
        List<Integer> from = now();
        await().atMost(RECOVERY)
                .until(() -> IntStream.range(0, publishers.size())
                        .allMatch(
                                i -> publishers.get(i).acceptedFrom(from.get(i)).size() >= MORE));
    }

    private void nothingWrongWasSaid() {
        assertThat(publishers).allSatisfy(one -> assertThat(one.wrong()).isEmpty());
        assertThat(subscribers).allSatisfy(one -> assertThat(one.wrong()).isEmpty());
        assertThat(cluster.first().isAlive()).isTrue();
        assertThat(cluster.second().isAlive()).isTrue();
    }

    /** What was accepted arrived once, by each gateway in order; what had no answer may have arrived, once; what was refused has not. */
    private void arrivedFrom(List<Integer> from) {
        publishers.forEach(ClusterPublisher::close);
        for (int i = 0; i < publishers.size(); i++) {
            ClusterPublisher publisher = publishers.get(i);
            List<Integer> accepted = publisher.acceptedFrom(from.get(i));
            for (ClusterSubscriber subscriber : subscribers) {
                int mark = from.get(i);
                await().atMost(RECOVERY)
                        .untilAsserted(() -> assertThat(subscriber.numbersFrom(publisher, mark))
                                .containsAll(accepted));
                assertThat(subscriber.numbers(publisher)).doesNotHaveDuplicates();
                List<Integer> arrived = subscriber.numbersFrom(publisher, mark).stream()
                        .filter(number -> !publisher.unanswered().contains(number))
                        .toList();
                if (i < ALONE) {
                    assertThat(arrived).isEqualTo(accepted);
                } else { // of two gateways any may be the first, and what nginx refuses may have been done
                    assertThat(arrived)
                            .filteredOn(number -> !publisher.refused().contains(number))
                            .containsExactlyInAnyOrderElementsOf(accepted);
                }
            }
        }
    }

    private void everyoneWasAnswered() {
        assertThat(publishers).allSatisfy(one -> assertThat(one.unanswered()).isEmpty());
    }

    private void sessionsStayed() {
        assertThat(subscribers).allSatisfy(one -> assertThat(one.sessions()).isEqualTo(1));
    }

    @Test
    void ejabberdIsKilledAndRestarted() {
        servers.ejabberd().kill();
        awaitRefusals();
        servers.startEjabberd();

        flows();
        List<Integer> recovered = now();
        awaitMore();
        arrivedFrom(recovered);
        assertThat(subscribers).allSatisfy(one -> assertThat(one.sessions()).isGreaterThan(1));
        everyoneWasAnswered();
        nothingWrongWasSaid();
    }

    private static HttpResponse<String> get(GatewayProcess gateway, String path) {
        HttpRequest asked = HttpRequest.newBuilder(gateway.uri().resolve(path)).build();
        return ChannelApi.send(ChannelApi.client(), asked);
    }

    private static void awaitNotReady(String reason) {
        for (GatewayProcess gateway : List.of(cluster.first(), cluster.second())) {
            await().atMost(RECOVERY).untilAsserted(() -> {
                HttpResponse<String> answer = get(gateway, "readyz");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("not ready: " + reason);
            });
        }
    }

    private void pagesAreRefused() {
        for (GatewayProcess gateway : List.of(cluster.first(), cluster.second())) {
            HttpRequest connect = ClusterProcesses.post(
                            gateway.uri().resolve("_ah/channel/connect"), "text/plain", token)
                    .timeout(RECOVERY)
                    .build();
            HttpResponse<String> answer = ChannelApi.send(ChannelApi.client(), connect);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(get(gateway, "healthz").statusCode()).isEqualTo(200);
        }
    }

    private void nothingIsAccepted() {
        List<Integer> from = now();
        await().atMost(RECOVERY)
                .until(() -> IntStream.range(0, publishers.size())
                        .allMatch(i -> publishers.get(i).next() > from.get(i) + 1));
        for (int i = 0; i < publishers.size(); i++) {
            assertThat(publishers.get(i).acceptedFrom(from.get(i))).isEmpty();
        }
    }

    /** What was accepted before the gateways knew is in the buffers of the kernel: nothing is promised of it but that it comes once. */
    @Test
    void ejabberdHangsAndGoesOn() {
        servers.ejabberd().hang();
        try {
            pagesAreRefused();
            awaitRefusals();
            nothingIsAccepted();
            awaitNotReady("backend");
            pagesAreRefused();
            nothingIsAccepted();
        } finally {
            servers.ejabberd().goOn();
        }

        flows();
        List<Integer> recovered = now();
        awaitMore();
        arrivedFrom(recovered);
        sessionsStayed();
        everyoneWasAnswered();
        nothingWrongWasSaid();
    }

    private void postgresIsAway(Runnable goes, Runnable comesBack) {
        List<Integer> start = now().stream().map(number -> 0).toList();
        goes.run();
        awaitRefusals();
        pagesAreRefused();
        awaitNotReady("database");
        comesBack.run();

        flows();
        awaitMore();
        arrivedFrom(start);
        sessionsStayed();
        everyoneWasAnswered();
        nothingWrongWasSaid();
    }

    @Test
    void postgresIsStoppedAndRestarted() {
        postgresIsAway(postgres::stop, postgres::start);
    }

    @Test
    void postgresHangsAndGoesOn() {
        postgresIsAway(postgres::hang, postgres::goOn);
    }

    @Test
    void nginxIsReloaded() {
        List<Integer> start = now().stream().map(number -> 0).toList();
        cluster.nginx().reload();
        flows();
        cluster.nginx().reload();

        flows();
        awaitMore();
        arrivedFrom(start);
        sessionsStayed();
        assertThat(publishers.subList(0, ALONE))
                .allSatisfy(one -> assertThat(one.refused()).isEmpty());
        nothingWrongWasSaid();
    }
}
