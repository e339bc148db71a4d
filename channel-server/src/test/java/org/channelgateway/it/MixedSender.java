package org.channelgateway.it;

import java.util.ArrayList;
import java.util.List;

/** Asks by each of several ways in turn; of messages at once, several by each. */
final class MixedSender implements Sender {
    private static final int AT_ONCE = 25;

    private final List<Sender> senders;
    /** What was sent one after the other by each of them; and behind that each part of messages at once. */
    private final List<List<String>> sent = new ArrayList<>();

    private int next;

    MixedSender(Sender... senders) {
        this.senders = List.of(senders);
        this.senders.forEach(sender -> sent.add(new ArrayList<>()));
    }

    /** Lists of messages of which each went one way, in its order: parts at once are lists of their own, which any gateway may get. */
    List<List<String>> sentTogether() {
        return sent;
    }

    private Sender next() {
        next = (next + 1) % senders.size();
        return senders.get(next);
    }

    @Override
    public int send(String key, String message) {
        Sender sender = next();
        sent.get(next).add(message);
        return sender.send(key, message);
    }

    /** Waits for the answers of one way before the next sends: between two ways there is no order but that. */
    @Override
    public void sendAtOnce(String key, List<String> messages) {
        for (int i = 0; i < messages.size(); i += AT_ONCE) {
            List<String> part = messages.subList(i, Math.min(i + AT_ONCE, messages.size()));
            sent.add(part);
            next().sendAtOnce(key, part);
        }
    }

    @Override
    public String token(String key) {
        return next().token(key);
    }

    @Override
    public String token(String key, int minutes) {
        return next().token(key, minutes);
    }

    @Override
    public void revoke(String key) {
        next().revoke(key);
    }

    @Override
    public void revokeToken(String token) {
        next().revokeToken(token);
    }

    @Override
    public void close() {
        senders.forEach(Sender::close);
    }
}
