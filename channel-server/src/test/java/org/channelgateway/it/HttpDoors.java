package org.channelgateway.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The doors of a gateway for requests as anybody may write them: what is below {@code /v1} is asked for where applications find it. */
final class HttpDoors {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final URI pages;
    private final URI applications;
    private final String secret;
    private final HttpClient client = ChannelApi.client();

    HttpDoors(URI pages, URI applications, String secret) {
        this.pages = pages;
        this.applications = applications;
        this.secret = secret;
    }

    static HttpDoors of(GatewayFixture gateway) {
        return new HttpDoors(gateway.uri(), gateway.api().uri(), gateway.api().secret());
    }

    /** Those of a gateway itself, without what is in front of it. */
    static HttpDoors behind(GatewayFixture gateway) {
        return new HttpDoors(gateway.behind(), gateway.behind(), gateway.api().secret());
    }

    /** A request with the secret of the tests' app, unless {@code headers} name another one. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        return send(method, path, BodyPublishers.ofString(body), headers);
    }

    HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
        URI door = path.startsWith("/v1/") ? applications : pages;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(door + path.substring(1)))
                .timeout(PATIENCE)
                .method(method, body)
                .setHeader("Authorization", "Bearer " + secret);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return ChannelApi.send(client, request.build());
    }

    HttpResponse<String> json(String method, String path, String body) {
        return send(method, path, body, "Content-Type", "application/json");
    }

    HttpResponse<String> text(String path, String body, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "text/plain; charset=utf-8";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, body, all);
    }
}
