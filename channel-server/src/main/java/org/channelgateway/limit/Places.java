package org.channelgateway.limit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.channelgateway.limit.Quota.Verdict;
import org.jspecify.annotations.Nullable;

/** Room for clients, with less of it for those that have not logged in. Thread-safe. */
public final class Places {
    private final Quota clients;
    private final Quota logins;

    public Places(PlaceLimits limits) {
        clients = new Quota(limits.most(), limits.mostPerAddress(), limits.networks());
        logins = new Quota(limits.mostLogins(), limits.mostLoginsPerAddress(), limits.networks());
    }

    /** A client that came; a thread-safe place, or why there is none. */
    public sealed interface Entry {
        record Taken(Place place) implements Entry {}

        /**
         * There was no room.
         *
         * @param ofAddress true when other addresses still have some
         * @param reason the word under which it is counted
         */
        record Full(boolean ofAddress, String reason) implements Entry {}
    }

    /** Takes a place for a client that has to log in. */
    public Entry enter(String address) {
        String network = clients.network(address);
        Verdict verdict = clients.enter(network);
        if (verdict != Verdict.TAKEN) {
            return full(verdict, verdict.reason());
        }
        verdict = logins.enter(network);
        if (verdict != Verdict.TAKEN) {
            clients.leave(network);
            return full(verdict, verdict.reason() + "-without-login");
        }
        return new Entry.Taken(new Place(network, true));
    }

    /** Takes a place for a client that has logged in already. */
    public Entry enterLoggedIn(String address) {
        String network = clients.network(address);
        Verdict verdict = clients.enter(network);
        return verdict == Verdict.TAKEN ? new Entry.Taken(new Place(network, false)) : full(verdict, verdict.reason());
    }

    private static Entry.Full full(Verdict verdict, String reason) {
        return new Entry.Full(verdict == Verdict.FULL_FOR_ADDRESS, reason);
    }

    /** The place of one client. */
    public final class Place {
        private final @Nullable String network;
        private final AtomicBoolean logsIn;
        private final AtomicBoolean taken = new AtomicBoolean(true);

        private Place(@Nullable String network, boolean logsIn) {
            this.network = network;
            this.logsIn = new AtomicBoolean(logsIn);
        }

        /** The client has logged in. */
        public void loggedIn() {
            if (logsIn.getAndSet(false)) {
                logins.leave(network);
            }
        }

        /** True once the client has logged in. */
        public boolean isLoggedIn() {
            return !logsIn.get();
        }

        /** The client is gone. */
        public void leave() {
            loggedIn();
            if (taken.getAndSet(false)) {
                clients.leave(network);
            }
        }
    }
}
