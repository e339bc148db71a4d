package org.channelgateway.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.SessionName;
import org.channelgateway.registry.Sessions;
import org.jspecify.annotations.Nullable;

/**
 * Compares the sessions of the registry with those that are online at the server. Both lists are held in memory, some 200 bytes a
 * session.
 */
public final class Reconciliation {
    private static final int PAGE = 1000;
    private static final int BATCH = 200;
    /**
     * A session is noted before it is bound, which takes some seconds at most: what was noted so short a time ago may be about to come
     * online. One that comes later is noted again.
     */
    public static final Duration YOUNG = Duration.ofSeconds(15);

    private final Registry registry;
    private final ServerSessions server;
    private final Predicate<String> hears;
    private final SessionSweeper sweeper;

    /**
     * What was found. It is as of two moments: what comes or goes meanwhile may be counted.
     *
     * @param noted sessions in the registry
     * @param online sessions of all accounts at the server
     * @param gone noted a while ago, not online; removed when applied
     * @param over online, of a channel's account without a live lease, and not noted; ended when applied
     * @param unnoted online, of a live lease, and not noted: what the server said of it was lost; noted when applied
     * @param strangers accounts online whose name is of none of the gateway's kinds, or an application, user or administrator that
     *     the registry does not have: the server has another way to log in. They are left as they are
     * @param applied false when nothing was changed
     */
    public record Report(int noted, int online, int gone, int over, int unnoted, int strangers, boolean applied) {}

    /** When no application wants to be told of its sessions. */
    public Reconciliation(Registry registry, ServerSessions server) {
        this(registry, server, app -> false);
    }

    /** @param hears whether the application of a name wants to be told of its sessions */
    public Reconciliation(Registry registry, ServerSessions server, Predicate<String> hears) {
        this.registry = registry;
        this.server = server;
        this.hears = hears;
        this.sweeper = new SessionSweeper(registry, server);
    }

    /** The registry is read first: what it knew for a while and is not online then is gone. */
    public Report run(boolean apply) {
        Instant young = registry.time().instant().minus(YOUNG);
        Map<SessionName, Instant> noted = noted();
        Set<SessionName> online = new HashSet<>(server.online());
        List<SessionName> gone = noted.entrySet().stream()
                .filter(one -> !online.contains(one.getKey()) && one.getValue().isBefore(young))
                .map(Map.Entry::getKey)
                .toList();
        List<SessionName> over = new ArrayList<>();
        Set<String> strangers = new HashSet<>();
        List<SessionName> unnoted = new ArrayList<>();
        for (SessionName name : online) {
            if (AccountKind.of(name.account()).equals(Optional.of(AccountKind.CHANNEL))) {
                if (!noted.containsKey(name)) {
                    boolean isLive = registry.sessions().lease(name.account()).isPresent();
                    (isLive ? unnoted : over).add(name);
                }
            } else if (!isKnown(name.account())) {
                strangers.add(name.account());
            }
        }
        if (apply) {
            inBatches(gone, sweeper::forget);
            inBatches(over, server::end);
            unnoted.forEach(name -> registry.sessions().open(name, hears));
        }
        return new Report(
                noted.size(), online.size(), gone.size(), over.size(), unnoted.size(), strangers.size(), apply);
    }

    private Map<SessionName, Instant> noted() {
        Map<SessionName, Instant> noted = new HashMap<>();
        @Nullable SessionName last = null;
        List<Sessions.Noted> page;
        do {
            page = registry.sessions().page(last, PAGE);
            page.forEach(one -> noted.put(one.name(), one.since()));
            last = page.isEmpty() ? last : page.get(page.size() - 1).name();
        } while (page.size() == PAGE);
        return noted;
    }

    private boolean isKnown(String account) {
        return AccountKind.of(account).isPresent()
                && registry.accounts().find(account).isPresent();
    }

    private interface Batch {
        void take(Collection<SessionName> names);
    }

    private static void inBatches(List<SessionName> names, Batch batch) {
        for (int from = 0; from < names.size(); from += BATCH) {
            batch.take(names.subList(from, Math.min(names.size(), from + BATCH)));
        }
    }
}
