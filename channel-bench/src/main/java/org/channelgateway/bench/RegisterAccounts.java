package org.channelgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Makes accounts on ejabberd through its mod_http_api: what a channel would need there. */
record RegisterAccounts(URI server, String domain, String prefix) implements Load {
    private static final int OK = 200;
    static final String PASSWORD = "0123456789abcdefghijklmnopqrstuvwxyz0123456789ab"; // as long as a token

    @Override
    public Client connect() throws IOException {
        return new HttpClient(new HttpConnection(server), this::register, OK);
    }

    private void register(HttpConnection connection, long number) throws IOException {
        String body =
                "{\"user\":\"" + prefix + number + "\",\"host\":\"" + domain + "\",\"password\":\"" + PASSWORD + "\"}";
        connection.send("/api/register", Map.of(), body);
    }
}
