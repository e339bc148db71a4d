package org.channelgateway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Asks {@code /_ah/channel/dev} for whatever a test wants, byte by byte, over a connection of its own. */
final class DevDoor {
    /**
     * @param reason what the status line says after the status
     * @param headers by their names in lower case
     */
    record Answer(int status, String reason, Map<String, String> headers, String body) {
        static Answer read(String text) {
            int end = text.indexOf("\r\n\r\n");
            List<String> head = new ArrayList<>(text.substring(0, end).lines().toList());
            String[] status = head.remove(0).split(" ", 3);
            Map<String, String> headers = new TreeMap<>();
            for (String line : head) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return new Answer(Integer.parseInt(status[1]), status[2], headers, text.substring(end + 4));
        }

        String type() {
            return headers.getOrDefault("content-type", "");
        }
    }

    private final URI gateway;

    DevDoor(URI gateway) {
        this.gateway = gateway;
    }

    Answer ask(String command, String token) {
        return get("?command=" + command + "&channel=" + token);
    }

    Answer ask(String command, String token, String client) {
        return get("?command=" + command + "&channel=" + token + "&client=" + client);
    }

    /** @param headers whole lines */
    Answer get(String query, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(line -> line.startsWith("Host:"))) {
            all.add("Host: localhost:" + gateway.getPort());
        }
        return request("GET", query, all);
    }

    Answer head(String query) {
        return request("HEAD", query, List.of("Host: localhost"));
    }

    private Answer request(String method, String query, List<String> headers) {
        String request = method + " /_ah/channel/dev" + query + " HTTP/1.1\r\nConnection: close\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()), 20_000);
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return Answer.read(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
