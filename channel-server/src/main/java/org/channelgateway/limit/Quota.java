package org.channelgateway.limit;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many of something there may be at once, in all and of one address. Thread-safe. */
public final class Quota {
    /** What became of one that came. */
    public enum Verdict {
        TAKEN(""),
        /** There are as many as there may be. */
        FULL("too-many"),
        /** There are as many of its address as there may be. */
        FULL_FOR_ADDRESS("too-many-of-address");

        private final String reason;

        Verdict(String reason) {
            this.reason = reason;
        }

        /** The word under which a refusal is counted. */
        public String reason() {
            return reason;
        }
    }

    private final int most;
    private final int mostPerAddress;
    private final Networks networks;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byNetwork = new ConcurrentHashMap<>();

    /**
     * @param most in all
     * @param mostPerAddress of one address that {@code networks} counts
     */
    public Quota(int most, int mostPerAddress, Networks networks) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
        this.networks = networks;
    }

    /** A bound that nothing meets. */
    public static Quota none() {
        return new Quota(Integer.MAX_VALUE, Integer.MAX_VALUE, Networks.WITHOUT_LOOPBACK);
    }

    /** What {@code address} is counted under, to be kept and given back to the other methods; null when it is not. */
    public @Nullable String network(InetAddress address) {
        return networks.counted(address);
    }

    /** The same for an address as text. */
    public @Nullable String network(String address) {
        return networks.counted(address);
    }

    /** Counts one more if there is room; {@link #leave} is due when it goes. */
    public Verdict enter(@Nullable String network) {
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return Verdict.FULL;
        }
        if (network != null && !enterNetwork(network)) {
            all.decrementAndGet();
            return Verdict.FULL_FOR_ADDRESS;
        }
        return Verdict.TAKEN;
    }

    private boolean enterNetwork(String network) {
        boolean[] taken = new boolean[1];
        byNetwork.compute(network, (name, count) -> {
            int known = count == null ? 0 : count;
            taken[0] = known < mostPerAddress;
            return taken[0] ? (Integer) (known + 1) : count;
        });
        return taken[0];
    }

    /** One that was taken is gone. */
    public void leave(@Nullable String network) {
        all.decrementAndGet();
        if (network != null) {
            byNetwork.computeIfPresent(network, (name, count) -> count == 1 ? null : count - 1);
        }
    }

    /** How many there are. */
    public int count() {
        return all.get();
    }
}
