package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.channelgateway.server.RunningGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Sessions that never read while a publisher floods them: each loses itself, and nobody else anything. */
@Timeout(180)
final class SlowReadersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SESSIONS = 200;
    private static final int MESSAGE_BYTES = 10_000;

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
    }

    private JsonNode create(String key) throws IOException {
        return JSON.readTree(gateway.json("POST", "/v1/channels", "{\"key\":\"" + key + "\"}")
                .body());
    }

    private JsonNode connect(String key) throws IOException {
        String token = create(key).path("token").textValue();
        return JSON.readTree(gateway.text("/_ah/channel/connect", token).body());
    }

    private String poll(JsonNode session) {
        return poll(session, session.path("rid").longValue());
    }

    private String poll(JsonNode session, long rid) {
        return gateway.text(
                        "/http-bind",
                        "<body xmlns='http://jabber.org/protocol/httpbind' sid='"
                                + session.path("sid").textValue() + "' rid='"
                                + rid + "'/>")
                .body();
    }

    private TcpClient subscriber(String key) throws IOException {
        JsonNode lease = create(key);
        TcpClient client = new TcpClient(gateway.xmpp());
        client.login(
                "",
                lease.path("jid").textValue().replaceFirst("@.*", ""),
                lease.path("token").textValue());
        client.bind();
        return client;
    }

    private HttpResponse<String> send(String key, String message) {
        return gateway.text("/v1/channels/" + key + "/messages", message);
    }

    private int sent(String key, String message) throws IOException {
        HttpResponse<String> answer = send(key, message);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body()).path("receivers").intValue();
    }

    /** Message {@code number} as it is sent and received. */
    private static String message(int number) {
        return number + "-" + "x".repeat(MESSAGE_BYTES);
    }

    private static void assertReceived(TcpClient client, int number) {
        Element stanza = client.next();
        assertThat(WireClient.find(stanza, "body").get(0).getTextContent()).isEqualTo(message(number));
    }

    @Test
    void eachEndsAtItsOwnBoundAndABystanderGetsEverything() throws Exception {
        gateway = RunningGateway.start(folder, "bosh: {maxQueuedStanzas: 5}\n");
        List<JsonNode> deaf = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            deaf.add(connect("key"));
        }
        TcpClient bystander = subscriber("key");

        int receivers = SESSIONS + 1;
        for (int number = 0; number < 20; number++) {
            receivers = sent("key", message(number));
            assertReceived(bystander, number);
        }

        assertThat(receivers).isEqualTo(1);
        assertThat(gateway.backlogBytes()).isZero();
        for (JsonNode session : deaf) {
            assertThat(poll(session)).contains("type='terminate' condition='policy-violation'");
        }
    }

    /** Without being slowed they would send more than may wait before it has read. */
    @Test
    void aSubscriberThatReadsLosesNothingToPublishersThatWaitForTheirAnswers() throws Exception {
        gateway = RunningGateway.start(folder, "xmpp: {maxQueuedStanzas: 40}\nbosh: {maxQueuedStanzas: 40}\n");
        int senders = 8;
        int each = 250;
        TcpClient overTcp = subscriber("key");
        JsonNode page = connect("key");
        ExecutorService threads = Executors.newFixedThreadPool(senders);
        try {
            for (int sender = 0; sender < senders; sender++) {
                String name = "from " + sender + "-";
                threads.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        send("key", name + i);
                    }
                });
            }
            int received = 0;
            for (long rid = page.path("rid").longValue(); received < senders * each; rid++) {
                String body = poll(page, rid);
                assertThat(body).doesNotContain("terminate");
                received += body.split("<message ", -1).length - 1;
            }
            for (int i = 0; i < senders * each; i++) {
                assertThat(overTcp.next().getLocalName()).isEqualTo("message");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(gateway.subscribers()).isEqualTo(2);
    }

    /** While somebody is behind, too, each request has its own answer, and those that wait come before the end of the stream. */
    @Test
    void whoAsksWhileASubscriberIsBehindIsToldAll() throws Exception {
        gateway = RunningGateway.start(folder, "bosh: {maxQueuedStanzas: 4}\n");
        connect("behind");
        TcpClient app = new TcpClient(gateway.xmpp());
        app.login("", "app-guestbook", RunningGateway.SECRET);
        app.bind();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            all.append(publish("" + i, "behind"));
        }
        all.append(publish("refused", "")).append(publish("quick", "other"));
        List<String> ids = new ArrayList<>();
        ids.add(app.ask(all + "</stream:stream>").getAttribute("id"));
        while (ids.size() < 6) {
            ids.add(app.next().getAttribute("id"));
        }
        assertThat(ids).containsExactlyInAnyOrder("0", "1", "2", "3", "refused", "quick");
    }

    private static String publish(String id, String key) {
        return "<iq type='set' id='" + id + "' to='channel.localhost'><publish xmlns='urn:channelgateway:1' key='" + key
                + "'>m</publish></iq>";
    }

    @Test
    void whatWaitsForAllIsBoundedAndTheSlowestEnd() throws Exception {
        int most = 1 << 20;
        gateway = RunningGateway.start(folder, "limits: {waitingBytes: " + most + "}\n");
        for (int i = 0; i < SESSIONS; i++) {
            connect("deaf-" + i);
        }
        JsonNode slow = connect("slow");
        sent("slow", "one that may wait");
        TcpClient bystander = subscriber("bystander");

        int number = 0;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < SESSIONS; i++) {
                HttpResponse<String> answer = send("deaf-" + i, message(i));
                assertThat(answer.statusCode()).isIn(202, 503);
                if (answer.statusCode() == 503) {
                    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                }
                assertThat(gateway.backlogBytes()).isLessThan(most / 4 * 5 + 2 * MESSAGE_BYTES);
            }
            int next = number;
            await().until(() -> send("bystander", message(next)).statusCode() == 202);
            assertReceived(bystander, number);
            number++;
        }

        await().until(() -> gateway.backlogBytes() <= most);
        assertThat(gateway.subscribers()).as("most of those that never read").isLessThan(SESSIONS / 2);
        assertThat(poll(slow)).contains("one that may wait");
    }

    @Test
    void oneThatDoesNotReadItsSocketIsToldAndLetGo() throws Exception {
        int most = 1 << 20;
        gateway = RunningGateway.start(
                folder, "xmpp: {maxQueuedBytes: 67108864}\nlimits: {waitingBytes: " + most + "}\n");
        TcpClient deaf = subscriber("deaf");
        TcpClient bystander = subscriber("bystander");
        int status = 202;
        while (status == 503 || gateway.subscribers() == 2) { // more than the buffers of two sockets hold
            status = send("deaf", message(0)).statusCode();
            assertThat(status).isIn(202, 503);
        }
        await().until(() -> gateway.backlogBytes() == 0);
        await().until(() -> send("bystander", message(1)).statusCode() == 202);
        assertReceived(bystander, 1);
        assertThat(deaf.isEndedBy("policy-violation")).isTrue();
    }
}
