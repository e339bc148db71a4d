package org.channelgateway.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An application that sends one message after the other, never one twice, and writes down what it is told of each. Thread-safe. */
final class ClusterPublisher implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PACE_MILLIS = 20;

    private final HttpClient http = ClusterProcesses.client();
    private final URI to;
    private final String name;
    private final List<Integer> accepted = new CopyOnWriteArrayList<>();
    private final List<Integer> refused = new CopyOnWriteArrayList<>();
    private final List<Integer> unanswered = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "publisher");
    private volatile int next;

    /**
     * @param gateway what it asks
     * @param name begins its messages; of letters
     */
    ClusterPublisher(URI gateway, String key, String name) {
        this.to = gateway.resolve("v1/channels/" + key + "/messages");
        this.name = name;
        thread.start();
    }

    private void run() {
        try {
            int number = 0;
            do {
                next = number;
                send(number);
                number++;
            } while (!closing.await(PACE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void send(int number) throws InterruptedException {
        HttpRequest request = ClusterProcesses.call(to, "text/plain", name + number);
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            switch (answer.statusCode()) {
                case 202 -> accepted.add(number);
                case 503 -> {
                    refused.add(number);
                    if (answer.headers().firstValue("Retry-After").isEmpty()) {
                        wrong.add(number + ": 503 without Retry-After: " + answer.body());
                    }
                }
                default -> wrong.add(number + ": " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            unanswered.add(number);
        }
    }

    String name() {
        return name;
    }

    /** The number of the message that is on its way, or was the last one. */
    int next() {
        return next;
    }

    /** Those that were answered with 202, in order. */
    List<Integer> accepted() {
        return accepted;
    }

    List<Integer> acceptedFrom(int number) {
        return accepted.stream().filter(one -> one >= number).toList();
    }

    /** Those that were answered with 503. */
    List<Integer> refused() {
        return refused;
    }

    List<Integer> refusedFrom(int number) {
        return refused.stream().filter(one -> one >= number).toList();
    }

    /** Those whose connection broke: nobody said what became of them. */
    List<Integer> unanswered() {
        return unanswered;
    }

    /** Answers that should not have been given. */
    List<String> wrong() {
        return wrong;
    }

    /** Ends after the message that is on its way. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (thread.isAlive()) {
            throw new AssertionError("publisher: no answer within " + PATIENCE + " (expected: one)");
        }
    }
}
