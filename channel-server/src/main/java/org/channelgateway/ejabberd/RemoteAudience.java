package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.channelgateway.channel.Audience;
import org.channelgateway.channel.Channel;
import org.channelgateway.channel.Headline;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.SessionName;
import org.channelgateway.registry.Sessions;

/**
 * The sessions that subscribers have at the XMPP server, as the registry knows them: any gateway reaches all. A publish returns when
 * its last stanza is written to the server. Thread-safe.
 */
public final class RemoteAudience implements Audience {
    /** Until the first byte of a message is written. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Until the last one is: a message to thousands that has begun is not begun again. */
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Sessions sessions;
    private final Outbox outbox;
    private final String domain;
    private final Runnable revocation;

    /** @param revocation run when sessions have to end */
    public RemoteAudience(Sessions sessions, Outbox outbox, String domain, Runnable revocation) {
        this.sessions = sessions;
        this.outbox = outbox;
        this.domain = domain;
        this.revocation = revocation;
    }

    @Override
    public List<Handed> deliver(List<Headline> headlines) {
        List<Handed> handed = new ArrayList<>(headlines.size());
        List<FanOut> sent = new ArrayList<>(headlines.size());
        Map<Channel, List<SessionName>> listening = listening(headlines);
        for (Headline headline : headlines) {
            Channel channel = headline.channel();
            List<SessionName> names = listening.getOrDefault(channel, List.of());
            handed.add(new Handed(names.size(), 0, false));
            if (!names.isEmpty()) {
                List<String> jids = names.stream().map(this::jid).toList();
                sent.add(new FanOut(channel, headline.addressed(), headline.written(), jids));
            }
        }
        if (!sent.isEmpty()) {
            send(sent);
        }
        return handed;
    }

    /** Asked once for all that is sent together. */
    private Map<Channel, List<SessionName>> listening(List<Headline> headlines) {
        if (headlines.size() == 1) { // nearly always; the database plans the question for one key once, not each time
            Channel channel = headlines.get(0).channel();
            return Map.of(channel, sessions.of(channel.app(), channel.key()));
        }
        Map<String, Set<ChannelKey>> keys = new HashMap<>();
        for (Headline headline : headlines) {
            Channel channel = headline.channel();
            keys.computeIfAbsent(channel.app(), app -> new HashSet<>()).add(channel.key());
        }
        Map<Channel, List<SessionName>> listening = new HashMap<>();
        keys.forEach((app, ofApp) ->
                sessions.of(app, ofApp).forEach((key, names) -> listening.put(new Channel(app, key), names)));
        return listening;
    }

    private String jid(SessionName name) {
        return name.account() + "@" + domain + "/" + name.resource();
    }

    private void send(List<FanOut> messages) {
        switch (outbox.offer(messages)) {
            case TAKEN -> await(messages);
            case FULL ->
                throw RefusedException.overloaded(
                        "messages: the XMPP server takes no more now (expected: again soon)", SOON);
            case CLOSED -> throw unreachable("the XMPP server cannot be reached");
        }
    }

    private static RefusedException unreachable(String why) {
        return RefusedException.unreachable("messages: " + why + " (expected: again soon)", SOON);
    }

    private static void await(List<FanOut> messages) {
        try {
            CompletableFuture<Void> all =
                    CompletableFuture.allOf(messages.stream().map(FanOut::done).toArray(CompletableFuture[]::new));
            if (!isDone(all, PATIENCE) && cancel(messages)) {
                throw unreachable("the XMPP server did not take them within " + PATIENCE.toSeconds() + " s");
            }
            all.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable("the XMPP server was lost meanwhile, and some subscribers may have got them");
        } catch (TimeoutException e) {
            throw unreachable("the XMPP server did not take them all within " + LONGEST.toSeconds()
                    + " s, and some subscribers may have got them");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            boolean unused = cancel(messages);
            throw unreachable("the gateway stops");
        }
    }

    private static boolean isDone(CompletableFuture<Void> all, Duration most)
            throws ExecutionException, InterruptedException {
        try {
            all.get(most.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** True when none of them has begun and none will; those that have go on. */
    private static boolean cancel(List<FanOut> messages) {
        return messages.stream()
                        .map(FanOut::cancel)
                        .filter(cancelled -> !cancelled)
                        .count()
                == 0;
    }

    /** What waits for them waits in ejabberd. */
    @Override
    public boolean hasOneBehind(Channel channel) {
        return false;
    }

    @Override
    public int count(Channel channel) {
        return sessions.count(channel.app(), channel.key());
    }

    /** The registry knows already whose sessions are over. */
    @Override
    public void revoked(Collection<Lease> leases) {
        if (!leases.isEmpty()) {
            revocation.run();
        }
    }
}
