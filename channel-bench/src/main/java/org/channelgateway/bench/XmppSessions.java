package org.channelgateway.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What a session costs that is logged in and does nothing. */
record XmppSessions(XmppPeer peer, ServerCpu cpu, ServerMemory memory) {
    private static final int SETTLE_MILLIS = 3000;
    private static final int IDLE_MILLIS = 5000;

    /** Logs them in, looks, and closes them. */
    String measure(int count) throws IOException, InterruptedException {
        List<Account> accounts = peer.accounts(count, false);
        Thread.sleep(SETTLE_MILLIS);
        long kibibytes = memory.kibibytes();
        long cpuNanos = cpu.nanos();
        long started = System.nanoTime();
        List<XmppStream> streams = Logins.of(peer, accounts);
        double seconds = (System.nanoTime() - started) / 1e9;
        long cpuOfLogins = cpu.nanos() - cpuNanos;
        Thread.sleep(SETTLE_MILLIS);
        double grown = memory.kibibytes() - kibibytes;
        double idle = idlePercent();
        for (XmppStream stream : streams) {
            stream.close();
        }
        return String.format(
                Locale.ROOT,
                "%d sessions: %.1f KiB each, %.0f logins/s, server CPU %.0f us per login, %.2f %% of a core idle",
                count,
                grown / count,
                count / seconds,
                cpuOfLogins / 1e3 / count,
                idle);
    }

    private double idlePercent() throws InterruptedException {
        long cpuNanos = cpu.nanos();
        long started = System.nanoTime();
        Thread.sleep(IDLE_MILLIS);
        return 100.0 * (cpu.nanos() - cpuNanos) / (System.nanoTime() - started);
    }
}
