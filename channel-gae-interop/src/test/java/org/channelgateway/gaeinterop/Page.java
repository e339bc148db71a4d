package org.channelgateway.gaeinterop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What a page does, over HTTP: opens a channel with a token and polls. Confined to one thread. */
final class Page {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI poll;
    private final String sid;
    private final Deque<String> messages = new ArrayDeque<>();
    private long rid;

    Page(URI gateway, String token) {
        try {
            JsonNode answer =
                    new ObjectMapper().readTree(post(gateway.resolve("_ah/channel/connect"), "text/plain", token));
            poll = gateway.resolve(answer.path("path").textValue());
            sid = answer.path("sid").textValue();
            rid = answer.path("rid").longValue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The next message; waits for it. */
    String next() {
        while (messages.isEmpty()) {
            String body = "<body rid='" + rid++ + "' sid='" + sid + "' xmlns='http://jabber.org/protocol/httpbind'/>";
            read(post(poll, "text/xml; charset=utf-8", body));
        }
        return messages.remove();
    }

    private void read(String answer) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            NodeList bodies = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(answer)))
                    .getElementsByTagNameNS("jabber:client", "body");
            for (int i = 0; i < bodies.getLength(); i++) {
                messages.add(bodies.item(i).getTextContent());
            }
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError(answer, e);
        }
    }

    private static String post(URI uri, String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer + " " + answer.body() + " (expected: 200)");
            }
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
