package org.channelgateway.it;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.channelgateway.LeakWatch;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.Receipt;

/** Sends by {@link ChannelClient}. */
final class ClientSender implements Sender {
    private final ChannelClient client;

    ClientSender(GatewayFixture gateway) {
        client = ClientFixture.connect(gateway);
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
    public void close() {
        client.close();
    }
}
