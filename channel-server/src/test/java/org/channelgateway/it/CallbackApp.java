package org.channelgateway.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An application that is called back: writes down what it hears, and answers as it is told to. */
final class CallbackApp implements AutoCloseable {
    private static final Pattern FROM = Pattern.compile(
            "--([^\r\n]+)\r\nContent-Disposition: form-data; name=\"from\"\r\n"
                    + "Content-Type: text/plain; charset=UTF-8\r\n\r\n(.*)\r\n--\\1--\r\n",
            Pattern.DOTALL);
    private static final Pattern FORM = Pattern.compile("key=([^&]*)&msg=([^&]*)");

    /**
     * One post.
     *
     * @param path with its query
     * @param channel the key
     * @param message empty unless a page sent one
     */
    record Heard(String path, String channel, String message, String task, int attempt, boolean isSigned) {
        String kind() {
            return path.replaceFirst("^.*/_ah/channel/", "").replace("/", "");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String secret;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private volatile Answer answers = statusOf(one -> 200);

    /** Answers a post. */
    interface Answer {
        void give(Heard one, HttpExchange exchange) throws IOException;
    }

    private static Answer statusOf(ToIntFunction<Heard> with) {
        return (one, exchange) -> exchange.sendResponseHeaders(with.applyAsInt(one), -1);
    }

    /** @param secret of the application, which signs what it is sent */
    CallbackApp(String secret) {
        this(secret, 0);
    }

    CallbackApp(String secret, int port) {
        this.secret = secret;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What it answers from now on: a status. */
    void answer(ToIntFunction<Heard> with) {
        answers = statusOf(with);
    }

    /** The same, with whatever else an answer may be. */
    void answerBy(Answer with) {
        answers = with;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Heard one = read(exchange, body);
            heard.add(one);
            answers.give(one, exchange);
        }
    }

    private Heard read(HttpExchange exchange, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        Matcher from = FROM.matcher(text);
        Matcher form = FORM.matcher(text);
        String channel;
        String message = "";
        String type = header(exchange, "Content-Type");
        if (from.matches() && type.equals("multipart/form-data; boundary=" + from.group(1))) {
            channel = from.group(2);
        } else if (form.matches() && type.equals("application/x-www-form-urlencoded")) {
            channel = URLDecoder.decode(form.group(1), StandardCharsets.UTF_8);
            message = URLDecoder.decode(form.group(2), StandardCharsets.UTF_8);
        } else {
            channel = "neither a part nor a form";
        }
        return new Heard(
                exchange.getRequestURI().toString(),
                channel,
                message,
                header(exchange, "X-Channel-Task"),
                Integer.parseInt(header(exchange, "X-Channel-Attempt")),
                header(exchange, "X-Channel-Signature").equals("sha256=" + hmac(body)));
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    private String hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    List<Heard> heard() {
        return List.copyOf(heard);
    }

    /** The kinds of what it heard of a channel, in order. */
    List<String> of(String channel) {
        return heard.stream()
                .filter(one -> one.channel().equals(channel))
                .map(Heard::kind)
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
