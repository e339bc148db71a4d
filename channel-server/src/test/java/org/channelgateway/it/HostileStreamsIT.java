package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.channelgateway.c2s.XmppSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many streams at once over TCP that are nothing but a cost, and how little of it there is. */
@Timeout(120)
final class HostileStreamsIT {
    private static final int STREAMS = 200;
    private static final String SETTINGS = "xmpp: {loginTime: 30s%s}\n";

    /** How a stream is ended because too much has begun on all of them: so many meet that bound in so small a heap. */
    private static final String ALL = "resource-constraint";

    private static final int SHORT = 15_000;
    private static final int LONG = 1 << 20;

    /** What a stream sends. All of them have sent the first part before one sends the second. */
    private enum Attack {
        BYTES("", garbage(), "not-well-formed"),
        HEADER("<stream:stream x='" + "y".repeat(1000), "y".repeat(LONG), "policy-violation"),
        BYTES_IN_A_STANZA("<message>", garbage(), "not-well-formed"),
        NAME("<" + "n".repeat(SHORT), "n".repeat(LONG), "policy-violation"),
        ATTRIBUTE("<a b='" + "x".repeat(SHORT), "x".repeat(LONG), "policy-violation"),
        TEXT("<a>" + "x".repeat(SHORT), "x".repeat(LONG), "policy-violation"),
        NESTED("<a>".repeat(32), "<a>".repeat(200_000), "policy-violation");

        final String first;
        final String second;
        final String condition;

        Attack(String first, String second, String condition) {
            this.first = first;
            this.second = second;
            this.condition = condition;
        }

        private static String garbage() {
            byte[] bytes = new byte[LONG];
            new Random(1).nextBytes(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        Opening begun(AttackedGateway gateway) {
            return this == BYTES || this == HEADER ? gateway::connected : gateway::stream;
        }

        byte[] last() {
            return second.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    @TempDir
    Path folder;

    private final ExecutorService writers = Executors.newFixedThreadPool(8);
    private final ExecutorService readers = Executors.newCachedThreadPool();

    /** Makes a connection that an attack begins on. */
    private interface Opening {
        XmppSocket open() throws IOException, GeneralSecurityException;
    }

    @AfterEach
    void stop() {
        writers.shutdownNow();
        readers.shutdownNow();
    }

    /** What the gateway says to a stream until it ends it: read while the stream still sends. */
    private String end(XmppSocket stream, byte[] last) throws Exception {
        try (stream) {
            Future<String> said = readers.submit(() -> readAll(stream.in()));
            try {
                stream.send(last);
            } catch (IOException e) {
                // closed before it was all sent
            }
            return said.get();
        }
    }

    private static String readAll(InputStream in) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            in.transferTo(read);
        } catch (IOException e) {
            // closed with bytes of ours unread, after its own
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    private void attack(AttackedGateway gateway, Attack how, Opening opening, int count) throws Exception {
        byte[] last = how.last();
        List<Callable<String>> ends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            XmppSocket stream = opening.open().send(how.first);
            ends.add(() -> end(stream, last));
        }
        gateway.servesTheBystander();
        for (Future<String> said : writers.invokeAll(ends)) {
            assertThat(said.get())
                    .as("%s", how)
                    .containsPattern("<stream:error><(" + how.condition + "|" + ALL
                            + ") xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")
                    .endsWith("</stream:stream>");
        }
        gateway.servesTheBystander();
    }

    private void costsLittle(AttackedGateway gateway, Attack how, Opening opening, int count, Duration each)
            throws Exception {
        attack(gateway, how, opening, count / 4); // warms it up
        gateway.measure();
        attack(gateway, how, opening, count);
        gateway.costNoMoreThan(each, count);
    }

    @Test
    void inClearEndBeforeTheyCostMoreThanTheirBound() throws Exception {
        try (AttackedGateway gateway = new AttackedGateway(folder, false, SETTINGS)) {
            for (Attack how : Attack.values()) {
                costsLittle(gateway, how, how.begun(gateway), STREAMS, Duration.ofMillis(25));
            }
            for (Attack how : List.of(Attack.NESTED, Attack.TEXT)) {
                costsLittle(gateway, how, gateway::application, STREAMS / 4, Duration.ofMillis(75));
            }
        }
    }

    /** What comes behind the end of a stream is deciphered, too, before it is thrown away. */
    @Test
    void insideTlsEndBeforeTheyCostMoreThanTheirBound() throws Exception {
        try (AttackedGateway gateway = new AttackedGateway(folder, true, SETTINGS)) {
            for (Attack how : Attack.values()) {
                costsLittle(gateway, how, how.begun(gateway), STREAMS / 10, Duration.ofMillis(200));
            }
            costsLittle(gateway, Attack.NESTED, gateway::application, STREAMS / 10, Duration.ofMillis(200));
        }
    }
}
