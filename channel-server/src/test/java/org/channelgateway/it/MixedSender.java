package org.channelgateway.it;

import java.util.List;

/** Sends one message by each of several ways in turn. */
final class MixedSender implements Sender {
    private final List<Sender> senders;
    private int next;

    MixedSender(Sender... senders) {
        this.senders = List.of(senders);
    }

    @Override
    public int send(String key, String message) {
        next = (next + 1) % senders.size();
        return senders.get(next).send(key, message);
    }

    @Override
    public void sendAtOnce(String key, List<String> messages) {
        messages.forEach(message -> send(key, message));
    }

    @Override
    public void close() {
        senders.forEach(Sender::close);
    }
}
