package org.channelgateway.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.channel.RefusedException.Kind;
import org.channelgateway.limit.Backlog;
import org.channelgateway.registry.Attempt;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.KeySummary;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Leases;
import org.channelgateway.registry.PublishReceipts;
import org.channelgateway.registry.Secrets;
import org.channelgateway.registry.Token;
import org.channelgateway.registry.TooManyLeasesException;
import org.channelgateway.stats.Traffic;
import org.jspecify.annotations.Nullable;

/** What the gateway is for; every door ends here. Bad values are refused with {@link RefusedException}. Thread-safe. */
public final class ChannelService {
    /** Lifetime of a lease when none is asked for. */
    public static final int DEFAULT_MINUTES = 120;

    /** Longest lifetime of a lease. */
    public static final int MAX_MINUTES = 1440;

    private static final int MAX_PAGE = 1000;
    /** Leases end at any time: when there is room nobody knows. */
    private static final Duration LEASES_RETRY = Duration.ofMinutes(1);

    private final Leases leases;
    private final Audience audience;
    private final String domain;
    private final ChannelIds channelIds;
    private final Headlines headlines;
    private final PublishIds publishIds;
    private final PublishRates rates;
    private final Backlog backlog;
    private final Traffic traffic;
    private final SlowReaders slowReaders;

    /**
     * @param audience gets what is published
     * @param domain the XMPP domain; messages come from {@link #serviceJid} in it
     * @param ticker nano time, for how long ids of publishes are kept
     */
    public ChannelService(Leases leases, Secrets secrets, Audience audience, String domain, LongSupplier ticker) {
        this(
                leases,
                secrets,
                audience,
                domain,
                ticker,
                ChannelLimits.NONE,
                null,
                new Backlog(Long.MAX_VALUE / 2),
                new Traffic(ticker),
                (wait, task) -> {});
    }

    /**
     * The same with its own bounds.
     *
     * @param limits how many messages an application may send; the registry keeps the bounds on leases
     * @param shared where ids of publishes are kept; null for this gateway's memory
     * @param backlog what waits for all clients together: nothing is sent while it is full
     * @param traffic counts what is published
     * @param later runs a short task after a while
     */
    public ChannelService(
            Leases leases,
            Secrets secrets,
            Audience audience,
            String domain,
            LongSupplier ticker,
            ChannelLimits limits,
            @Nullable PublishReceipts shared,
            Backlog backlog,
            Traffic traffic,
            BiConsumer<Duration, Runnable> later) {
        this.leases = leases;
        this.rates = new PublishRates(limits.publishesPerSecond(), ticker);
        this.backlog = backlog;
        this.audience = audience;
        this.domain = domain;
        this.channelIds = new ChannelIds(secrets.get("channel-ids"));
        this.headlines = new Headlines(serviceJid(domain), channelIds);
        this.publishIds =
                shared == null ? new RecentPublishes(ticker, limits.publishIds()) : new SharedPublishes(shared);
        this.traffic = traffic;
        this.slowReaders = new SlowReaders(audience::hasOneBehind, later, ticker);
    }

    /** The address of the channel service in an XMPP domain. */
    public static String serviceJid(String domain) {
        return "channel." + domain;
    }

    public IssuedLease create(String app, String key, int minutes) {
        return create(app, List.of(wanted(key, minutes))).get(0).get();
    }

    /** A lease to be made, checked. */
    public Leases.Wanted wanted(String key, int minutes) {
        ChannelKey checked = key(key);
        if (minutes < 1 || minutes > MAX_MINUTES) {
            throw new RefusedException(
                    Kind.INVALID, "durationMinutes: " + minutes + " (expected: 1.." + MAX_MINUTES + ")");
        }
        return new Leases.Wanted(checked, Duration.ofMinutes(minutes));
    }

    /**
     * Makes several at once; one that is refused keeps no other from being made.
     *
     * @return what became of each, in order
     */
    public List<Attempt<IssuedLease>> create(String app, List<Leases.Wanted> wanted) {
        return leases.create(app, wanted).stream()
                .map(one -> one.because(ChannelService::refusal))
                .toList();
    }

    private static RuntimeException refusal(RuntimeException why) {
        if (!(why instanceof TooManyLeasesException tooMany)) {
            return why;
        }
        String reason = tooMany.ofKey() ? "leases-of-key" : "leases-of-app";
        return new RefusedException(Kind.TOO_MANY, String.valueOf(why.getMessage()), LEASES_RETRY, reason);
    }

    /** A publication to {@code key}, checked but not sent. */
    public Publication publication(String key, String text) {
        return new Publication(key(key), text);
    }

    /** The same, where a token of {@code app} may stand for its key. */
    public Publication publicationToKeyOrToken(String app, String keyOrToken, String text) {
        return publication(keyOf(app, keyOrToken), text);
    }

    /**
     * Hands each message to every session of its key: all of them, or none when the id is refused.
     *
     * @param id names this publish when it is repeated within 2 minutes; null when it never is
     * @return a receipt for each, in order
     */
    public List<Published> publish(String app, List<Publication> publications, @Nullable String id) {
        Runnable written = traffic.deliveryTimes().published();
        Supplier<List<Published>> publish = () -> {
            checkLoad(app, publications.size()); // a repeat sends nothing
            return deliver(app, publications, written);
        };
        return id == null
                ? publish.get()
                : publishIds.once(app, id, Publication.fingerprint(publications), publications.size(), publish);
    }

    private void checkLoad(String app, int messages) {
        if (backlog.isFull()) {
            throw new RefusedException(
                    Kind.OVERLOADED,
                    "messages: too many wait for subscribers that do not read (expected: again soon)",
                    Duration.ofSeconds(1));
        }
        rates.take(app, messages);
    }

    private List<Published> deliver(String app, List<Publication> publications, Runnable written) {
        List<Headline> sent = publications.stream()
                .map(one -> headlines.of(new Channel(app, one.key()), one.text(), written))
                .toList();
        List<Audience.Handed> handed = audience.deliver(sent);
        List<Published> receipts = new ArrayList<>(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            Audience.Handed one = handed.get(i);
            traffic.published(one.receivers(), one.refusals());
            slowReaders.delivered(sent.get(i).channel(), one.isOneBehind());
            receipts.add(new Published(sent.get(i).id(), one.receivers()));
        }
        return receipts;
    }

    /**
     * Runs {@code answer}, the answer to a publish, when the subscribers keep up with what they were sent: mostly at once. Who does
     * not read holds it up for half a second, once.
     *
     * @param sent what was published
     */
    public void whenRead(String app, List<Publication> sent, Runnable answer) {
        if (slowReaders.isEmpty()) {
            answer.run();
        } else {
            slowReaders.whenRead(
                    sent.stream()
                            .map(one -> new Channel(app, one.key()))
                            .distinct()
                            .toList(),
                    answer);
        }
    }

    /** Answers what waits: the gateway stops. */
    public void stop() {
        slowReaders.stop();
    }

    /** Forgets what no repeat can ask for any more. To be called now and then. */
    public void tick() {
        publishIds.tick();
        slowReaders.tick();
    }

    /** The opaque id that messages of the channel of {@code lease} carry. */
    String channelId(Lease lease) {
        return channelIds.of(Channel.of(lease));
    }

    public ChannelState look(String app, String key) {
        ChannelKey checked = key(key);
        int connected = audience.count(new Channel(app, checked));
        Optional<KeySummary> found = leases.look(app, checked);
        return found.map(summary -> new ChannelState(checked, summary.leases(), connected, summary.expires()))
                .orElseThrow(() -> new RefusedException(Kind.NOT_FOUND, "key: no channel has it"));
    }

    /**
     * A page of keys in order.
     *
     * @param after the last key of the page before; null for the first page
     */
    public List<ChannelKey> list(String app, String prefix, @Nullable String after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new RefusedException(Kind.INVALID, "limit: " + limit + " (expected: 1.." + MAX_PAGE + ")");
        }
        if (!prefix.isEmpty()) {
            key("prefix", prefix);
        }
        return leases.list(app, prefix, after == null ? null : key("after", after), limit);
    }

    /** Makes all tokens of the key invalid and ends their sessions. */
    public void revoke(String app, String key) {
        audience.revoked(leases.revoke(app, key(key)));
    }

    /** Makes one token invalid and ends its sessions; a token of another app is left alone. */
    public void revokeToken(String app, String token) {
        Token parsed = Token.parse(token)
                .orElseThrow(
                        () -> new RefusedException(Kind.INVALID, "token: not one (expected: what create returned)"));
        audience.revoked(leases.revoke(app, parsed).stream().toList());
    }

    /** The XMPP address of a lease's account. */
    public String jid(Lease lease) {
        return lease.account() + "@" + domain;
    }

    /** The key of a channel when its token stands for it, as a live one of {@code app} does; any other text as it is. */
    public String keyOf(String app, String keyOrToken) {
        return Token.parse(keyOrToken)
                .flatMap(leases::find)
                .filter(lease -> lease.app().equals(app) && lease.isLive(leases.now()))
                .map(lease -> lease.key().text())
                .orElse(keyOrToken);
    }

    private static ChannelKey key(String text) {
        return key("key", text);
    }

    private static ChannelKey key(String name, String text) {
        try {
            return ChannelKey.of(text);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new RefusedException(
                    Kind.INVALID, message.startsWith("key:") ? name + message.substring(3) : message);
        }
    }
}
