package org.channelgateway.ejabberd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ClientConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server of HTTP that does as it is told, since ejabberd cannot be told to close or to hang between two answers. */
final class LoginConnectionsTest {
    private static final int MAX_BYTES = 1000;

    private final ScriptedServer server = new ScriptedServer();
    private LoginConnections connections = connections(Duration.ofSeconds(20));

    private LoginConnections connections(Duration stepTime) {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/http-bind");
        return new LoginConnections(new UpstreamNode(uri, new ClientConnector(), MAX_BYTES), MAX_BYTES, stepTime);
    }

    @AfterEach
    void stop() {
        connections.close();
        server.close();
    }

    private static ByteBuffer request(String body) {
        String head = "POST /http-bind HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return ByteBuffer.wrap((head + body).getBytes(US_ASCII));
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    }

    private String ask(String body) throws Exception {
        LoginConnections.Begun begun = connections.begin(request(body), soon());
        connections.done(begun.connection());
        return new String(begun.answer(), US_ASCII);
    }

    @Test
    void asksAgainOverTheSameConnection() throws Exception {
        server.answers("one", "two", "three");
        LoginConnections.Begun begun = connections.begin(request("a"), soon());
        begun.connection().write(request("b"));
        assertThat(begun.connection().read()).asString().isEqualTo("two");
        connections.done(begun.connection());

        assertThat(ask("c")).isEqualTo("three");
        assertThat(server.heard()).containsExactly("a", "b", "c");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void asksOverANewOneWhenTheServerHasClosedIt() throws Exception {
        server.answers("one").closes().answers("two");
        assertThat(ask("a")).isEqualTo("one");
        server.awaitClosed();

        assertThat(ask("b")).isEqualTo("two");
        assertThat(server.connections()).isEqualTo(2);
        assertThat(connections.count()).isEqualTo(1);
    }

    @Test
    void keepsNoneOfWhichAnAnswerIsNotRead() throws Exception {
        server.answers("one", "two", "three");
        LoginConnections.Begun begun = connections.begin(request("a"), soon());
        begun.connection().write(request("b"));
        connections.done(begun.connection());

        assertThat(connections.count()).isZero();
        assertThat(ask("c")).isIn("two", "three");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void asksNoMoreWhenNoAnswerComesInTime() {
        connections = connections(Duration.ofMillis(200));
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> connections.begin(request("a"), soon()));
        connections = connections(Duration.ofSeconds(20));
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> connections.begin(request("b"), System.nanoTime() + 1_000_000));
        assertThat(connections.count()).isZero();
    }

    @Test
    void takesNothingForAnAnswerThatIsAnErrorOrTooLong() {
        server.answersWith("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
                .answersWith("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
                .answersWith("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
                .closes();
        assertThatExceptionOfType(BoshLogin.FailedException.class)
                .isThrownBy(() -> ask("a"))
                .withMessageContaining("503");
        assertThatExceptionOfType(BoshLogin.FailedException.class)
                .isThrownBy(() -> ask("b"))
                .withMessageContaining("too long");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask("c")).withMessageContaining("not whole");
        assertThat(connections.count()).isZero();
    }

    @Test
    void tellsWhoeverWaitsWhenItIsClosed() throws Exception {
        CompletableFuture<LoginConnections.Begun> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return connections.begin(request("a"), soon());
            } catch (IOException | BoshLogin.FailedException e) {
                throw new IllegalStateException(e);
            }
        });
        server.awaitHeard(1);
        connections.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(waiting::get)
                .withRootCauseInstanceOf(IOException.class);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ask("b"));
    }
}
