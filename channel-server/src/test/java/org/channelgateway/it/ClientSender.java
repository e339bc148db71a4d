package org.channelgateway.it;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.LeakWatch;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.Receipt;

/** Asks by {@link ChannelClient}. */
final class ClientSender implements Sender {
    private final ChannelClient client;

    ClientSender(GatewayFixture gateway, String app) {
        client = ChannelClient.connect(
                ClientFixture.app(gateway, app, gateway.xmpp().getPort()).build());
    }

    @Override
    public int send(String key, String message) {
        LeakWatch.secret(message);
        return client.sendMessage(key, message).receivers();
    }

    @Override
    public void sendAtOnce(String key, List<String> messages) {
        messages.forEach(LeakWatch::secret);
        List<CompletableFuture<Receipt>> receipts = messages.stream()
                .map(message -> client.sendMessageAsync(key, message))
                .toList();
        receipts.forEach(CompletableFuture::join);
    }

    @Override
    public String token(String key) {
        return client.createChannel(key);
    }

    @Override
    public String token(String key, int minutes) {
        return client.createChannel(key, Duration.ofMinutes(minutes));
    }

    @Override
    public void revoke(String key) {
        client.revoke(key);
    }

    @Override
    public void revokeToken(String token) {
        client.revokeToken(token);
    }

    @Override
    public void close() {
        client.close();
    }
}
