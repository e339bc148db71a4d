package org.channelgateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that polls as a page does: repeats a request that had no answer or a 503, and connects again with its token when its
 * session is over. It writes down what it is sent, and each answer that is wrong. Thread-safe.
 */
final class ClusterSubscriber implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BODY = Pattern.compile("<body>([^<]*)</body>");
    private static final long AT_ONCE_MILLIS = 100;

    private final HttpClient http = ClusterProcesses.client();
    private final URI gateway;
    private final String token;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "subscriber");
    private final AtomicInteger sessions = new AtomicInteger();

    ClusterSubscriber(URI gateway, String token) {
        this.gateway = gateway;
        this.token = token;
        thread.start();
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                HttpResponse<String> answer =
                        answer(ClusterProcesses.post(gateway.resolve("_ah/channel/connect"), "text/plain", token)
                                .build());
                if (answer != null) {
                    sessions.incrementAndGet();
                    poll(JSON.readTree(answer.body()));
                }
            }
        } catch (InterruptedException e) {
            return; // closed
        } catch (IOException e) {
            wrong.add("connect: " + e.getMessage());
        }
    }

    /** Until the session is over. */
    private void poll(JsonNode session) throws InterruptedException {
        URI path = gateway.resolve(session.path("path").textValue());
        long rid = session.path("rid").longValue();
        while (true) {
            HttpRequest poll = ClusterProcesses.post(
                            path,
                            "text/xml",
                            "<body xmlns='http://jabber.org/protocol/httpbind' rid='" + rid + "' sid='"
                                    + session.path("sid").textValue() + "'/>")
                    .build();
            HttpResponse<String> answer = answer(poll);
            if (answer != null) {
                Matcher bodies = BODY.matcher(answer.body());
                while (bodies.find()) {
                    messages.add(bodies.group(1));
                }
                if (answer.body().contains("type='terminate'")) {
                    return;
                }
                rid++;
            }
        }
    }

    /** Null when the request is to be repeated, after a while that has passed then. */
    private @Nullable HttpResponse<String> answer(HttpRequest request) throws InterruptedException {
        long pauseMillis = AT_ONCE_MILLIS;
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return answer;
            }
            String asked = answer.headers().firstValue("Retry-After").orElse("");
            if (answer.statusCode() == 503 && !asked.isEmpty()) {
                pauseMillis = TimeUnit.SECONDS.toMillis(Long.parseLong(asked));
            } else {
                wrong.add(request.uri().getPath() + ": " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            // a connection that broke says nothing of the session
        }
        boolean unused = closing.await(pauseMillis, TimeUnit.MILLISECONDS);
        return null;
    }

    /** What it was sent so far, in order. */
    List<String> messages() {
        return messages;
    }

    /** The numbers of a publisher's messages, in the order in which they came. */
    List<Integer> numbers(ClusterPublisher publisher) {
        return messages.stream()
                .filter(message -> message.startsWith(publisher.name()))
                .map(message ->
                        Integer.valueOf(message.substring(publisher.name().length())))
                .toList();
    }

    List<Integer> numbersFrom(ClusterPublisher publisher, int number) {
        return numbers(publisher).stream().filter(one -> one >= number).toList();
    }

    /** How many sessions it has had. */
    int sessions() {
        return sessions.get();
    }

    /** Answers that should not have been given. */
    List<String> wrong() {
        return wrong;
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
