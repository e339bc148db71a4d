package org.channelgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Creates channels on a gateway, each for a key of its own. */
record CreateChannels(URI server, String secret, String prefix) implements Load {
    private static final int CREATED = 201;

    @Override
    public Client connect() throws IOException {
        return new HttpClient(new HttpConnection(server), this::create, CREATED);
    }

    private void create(HttpConnection connection, long number) throws IOException {
        String body = "{\"key\":\"" + prefix + number + "\",\"durationMinutes\":60}";
        connection.send("/v1/channels", Map.of("Authorization", "Bearer " + secret), body);
    }
}
