package org.channelgateway.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.channelgateway.config.Settings;

/**
 * The time that a gateway has to stop: the ends of its sessions are spread evenly over the first part of it, so that their
 * clients do not all come to another gateway at once. Confined to the thread that stops the gateway.
 */
final class Drain {
    private static final long LOOK_MILLIS = 10;

    /** What is kept of the limit for closing the files. */
    private static final Duration RESERVE = Duration.ofMillis(500);

    private final LongSupplier ticker;
    private final long start;
    private final Settings.Shutdown settings;

    /** Starts now. */
    Drain(Settings.Shutdown settings, LongSupplier ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.start = ticker.getAsLong();
    }

    /** Runs all, the first one now and each further one after its share of the time. */
    void spread(List<Runnable> endings) {
        int done = 0;
        while (done < endings.size()) {
            int due = due(endings.size());
            while (done < due) {
                endings.get(done).run();
                done++;
            }
            if (done < endings.size() && !pause()) {
                endings.subList(done, endings.size()).forEach(Runnable::run);
                return;
            }
        }
    }

    private int due(int all) {
        double share = (double) (ticker.getAsLong() - start)
                / Math.max(settings.spread().toNanos(), 1);
        return share >= 1 ? all : (int) (share * all) + 1;
    }

    /** False when the thread is not to wait. */
    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What is left for requests under way. */
    Duration left() {
        long left = settings.limit().minus(RESERVE).toNanos() - (ticker.getAsLong() - start);
        return Duration.ofNanos(Math.max(left, 0));
    }

    /** All of both, in turn, so that each is spread over the whole. */
    static List<Runnable> mixed(List<Runnable> some, List<Runnable> others) {
        List<Runnable> more = some.size() >= others.size() ? some : others;
        List<Runnable> fewer = some.size() >= others.size() ? others : some;
        List<Runnable> all = new ArrayList<>(some.size() + others.size());
        int taken = 0;
        for (int i = 0; i < more.size(); i++) {
            all.add(more.get(i));
            int due = (int) ((long) fewer.size() * (i + 1) / more.size());
            while (taken < due) {
                all.add(fewer.get(taken));
                taken++;
            }
        }
        return all;
    }
}
