package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not read, over real sockets. */
@Timeout(60)
class C2sFlowIT {
    private static final EncodedStanza LARGE = new EncodedStanza("<message>" + "x".repeat(100_000) + "</message>");

    private final C2sFixture gateway = new C2sFixture();

    C2sFlowIT() throws IOException {}

    @AfterEach
    void nothingIsLeft() {
        gateway.awaitNoConnection();
        gateway.close();
    }

    @Test
    void endsAClientThatDoesNotReadAndSparesTheOthers() throws IOException {
        try (XmppSocket slow = gateway.login()) {
            FakeStream toSlow = gateway.stream();
            try (XmppSocket quick = gateway.login()) {
                FakeStream toQuick = gateway.stream();
                fill(toSlow);
                assertThat(toSlow.events).endsWith("closed");
                assertThat(toSlow.transport.send(LARGE)).isFalse();
                toQuick.send("<message>quick</message>");
                quick.await("<message>quick</message>");
                quick.send("<iq id='1'/>").await("id='1'/>");
            }
            assertThat(slow.readToEnd())
                    .endsWith("</stream:error></stream:stream>")
                    .contains("<policy-violation ");
        }
    }

    @Test
    void closesAClientThatNeverReadsSoonAfterItsEnd() throws IOException {
        try (XmppSocket slow = gateway.login()) {
            fill(gateway.stream());
            assertThat(gateway.server.count()).isEqualTo(1);
            assertThat(slow.socket().isClosed()).isFalse();
            gateway.awaitNoConnection();
        }
    }

    @Test
    void readsNothingFromAClientThatDoesNotReadUntilItDoes() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        gateway.onStanza((stream, stanza) -> {
            handled.incrementAndGet();
            stream.transport.send(LARGE);
        });
        try (XmppSocket client = gateway.login()) {
            byte[] stanza = ("<iq>" + "y".repeat(10_000) + "</iq>").getBytes(StandardCharsets.UTF_8);
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 1000; i++) {
                        client.send(stanza);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            AtomicInteger before = new AtomicInteger(-1);
            await().until(() -> before.getAndSet(handled.get()) == handled.get() && handled.get() > 0);
            assertThat(handled.get()).isLessThan(1000);
            assertThat(sender).isNotDone();
            assertThat(gateway.stream().events).doesNotContain("closed");

            client.in().skipNBytes(1000L * LARGE.length());
            sender.get();
            assertThat(handled.get()).isEqualTo(1000);
            client.send(XmppSocket.END);
            assertThat(client.readToEnd()).isEqualTo(XmppSocket.END);
        }
    }

    @Test
    void refusesStanzasForAClientThatWentAway() throws IOException {
        try (XmppSocket client = gateway.login()) {
            FakeStream stream = gateway.stream();
            client.reset();
            await().until(() -> !stream.transport.send(LARGE));
            assertThat(stream.transport.send(LARGE)).isFalse();
            await().untilAsserted(() -> assertThat(stream.events).endsWith("closed"));
        }
    }

    @Test
    void writesALongStanzaToOneWhoReadsSlowly() throws IOException {
        try (XmppSocket client = gateway.login()) {
            EncodedStanza huge = new EncodedStanza("<message>" + "é".repeat(8 << 20) + "</message>");
            assertThat(gateway.stream().transport.send(huge)).isTrue();
            byte[] read = client.in().readNBytes(huge.length());
            assertThat(read).isEqualTo(huge.bytes());
        }
    }

    @Test
    void keepsTheOrderOfEachSenderWhenManySendAtOnce() throws Exception {
        try (XmppSocket client = gateway.login()) {
            FakeStream stream = gateway.stream();
            CompletableFuture<?>[] senders = new CompletableFuture<?>[4];
            for (int sender = 0; sender < senders.length; sender++) {
                String name = "s" + sender + "-";
                senders[sender] = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 200; i++) {
                        assertThat(stream.send("<m " + name + "='" + i + "'/>")).isTrue();
                    }
                });
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(senders);
            int[] next = new int[senders.length];
            for (int read = 0; read < 800; read++) {
                String stanza = client.await("/>");
                int sender = stanza.charAt(4) - '0';
                assertThat(stanza).isEqualTo("<m s" + sender + "-='" + next[sender] + "'/>");
                next[sender]++;
            }
            all.get();
        }
    }

    @Test
    void answersAndHandsOnAtOnceWhatCameBeforeTheBeginOfAnotherStanza() throws IOException {
        try (XmppSocket reader = gateway.login()) {
            FakeStream toReader = gateway.stream();
            try (XmppSocket sender = gateway.login()) {
                gateway.onStanza((stream, stanza) -> {
                    toReader.send("<message id='" + stanza.attribute("id") + "'/>");
                    stream.send("<iq type='result' id='" + stanza.attribute("id") + "'/>");
                });
                sender.send("<iq id='1'/><iq id='2'/>\n<iq id='3'/><iq id=");
                assertThat(reader.await("id='3'/>")).isEqualTo("<message id='1'/><message id='2'/><message id='3'/>");
                assertThat(sender.await("id='3'/>"))
                        .isEqualTo("<iq type='result' id='1'/><iq type='result' id='2'/><iq type='result' id='3'/>");
                sender.send("'4'/>");
                reader.await("<message id='4'/>");
                sender.await("id='4'/>");
            }
        }
    }

    @Test
    void writesWhatWasSentBeforeAStanzaThatTakesLong() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        gateway.onStanza((stream, stanza) -> {
            if (stanza.name().equals("presence")) {
                stream.transport.flush();
                awaitQuietly(written);
            }
            stream.send("<iq type='result' id='" + stanza.attribute("id") + "'/>");
        });
        try (XmppSocket client = gateway.login()) {
            client.send("<iq id='1'/><presence id='2'/><iq id='3'/>");
            client.await("id='1'/>");
            written.countDown();
            client.await("id='2'/>");
            client.await("id='3'/>");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void putsOffNoMoreThanAReaderHasRoomFor() throws IOException {
        try (XmppSocket reader = gateway.login()) {
            FakeStream toReader = gateway.stream();
            try (XmppSocket sender = gateway.login()) {
                AtomicInteger refused = new AtomicInteger();
                gateway.onStanza((stream, stanza) -> {
                    for (int i = 0; i < 5; i++) { // more than may wait, of what is read at once
                        refused.addAndGet(toReader.send("<m/>") ? 0 : 1);
                    }
                });
                sender.send("<iq/>".repeat(600));
                for (int i = 0; i < 3000; i++) {
                    reader.await("<m/>");
                }
                assertThat(refused).hasValue(0);
            }
        }
    }

    @Test
    void saysWhenStanzasThatCameTogetherHaveBeenHandedUp() throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.send("<iq id='1'/><iq id='2'/><iq id='3'/>");
            client.await("id='3'/>");
            client.send("<iq id='4'/><x").await("id='4'/>");
            FakeStream stream = gateway.stream();
            await().untilAsserted(() -> assertThat(stream.batches).contains(List.of("iq 1", "iq 2", "iq 3")));
            await().untilAsserted(() -> assertThat(stream.batches).endsWith(List.of("iq 4")));
        }
    }

    /** Sends until there is no more room. */
    private static void fill(FakeStream stream) {
        int sent = 0;
        while (stream.transport.send(LARGE)) {
            sent++;
            assertThat(sent).isLessThan(2000);
        }
        assertThat(sent * (long) LARGE.length()).isGreaterThan(C2sFixture.MAX_QUEUED_BYTES - 2L * LARGE.length());
    }
}
