package org.channelgateway.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Brings calls to the gateway over whatever line there is, and answers back to them. Thread-safe. */
final class Dispatcher implements Line.Listener, Connector.Owner, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final long TICK_MILLIS = 100;
    private static final long FAREWELL_MILLIS = 500;

    /** @param number what {@link Pending} calls it */
    private record Current(Line line, long number) {}

    private final ChannelConfig config;
    private final LongSupplier ticker;
    private final Pending pending;
    private final Connector connector;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, task -> Threads.daemon("timer", task));
    private final Object lock = new Object();

    /** Null while there is no line. Written under the lock. */
    private volatile @Nullable Current current;

    @GuardedBy("lock")
    private boolean closed;

    private Dispatcher(ChannelConfig config, LongSupplier ticker) {
        this.config = config;
        this.ticker = ticker;
        this.pending = new Pending(
                config.maxWaitingCalls(),
                config.maxWaitingBytes(),
                config.silence().multipliedBy(2), // a server that does not read is noticed in half of that
                ticker);
        Addresses addresses = new Addresses(config.url().host(), InetAddress::getAllByName);
        this.connector = new Connector(config, ticker, () -> new Line(config, addresses, ticker, this));
    }

    /** One that is connected. */
    static Dispatcher connect(ChannelConfig config, LongSupplier ticker) throws InterruptedException {
        Dispatcher dispatcher = new Dispatcher(config, ticker);
        Line line = dispatcher.connector.connect();
        try {
            dispatcher.up(line); // first: a tick without a line makes another
            ScheduledFuture<?> unused = dispatcher.timer.scheduleWithFixedDelay(
                    dispatcher::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            return dispatcher;
        } catch (Throwable e) {
            line.giveUp();
            dispatcher.close();
            throw e;
        }
    }

    /** Lets a request wait for its answer, which may be on its way already when this returns. */
    <T> Call<T> submit(Request<T> request) {
        Call<T> call = new Call<>(request, ticker.getAsLong() + config.timeout().toNanos());
        pending.add(call);
        pump();
        return call;
    }

    private void pump() {
        Current to = current;
        if (to != null) {
            for (Pending.Outgoing next : pending.take(to.number)) {
                to.line.send(next.iqId(), next.call().request);
            }
        }
    }

    @Override
    public void answered(String iqId, Answer answer) {
        Call<?> call = pending.answered(iqId);
        if (call != null) {
            call.answer(answer);
        }
        pump();
    }

    @Override
    public void up(Line line) {
        boolean taken;
        synchronized (lock) {
            taken = !closed && current == null;
            if (taken) {
                current = new Current(line, pending.lineUp());
            }
        }
        if (!taken) {
            line.close(FAREWELL_MILLIS);
            return;
        }
        LOG.log(System.Logger.Level.DEBUG, "connected to {0}", config.url());
        pump();
        if (line.isLost()) { // before it was current, so that lost() took no notice
            lost(line, new IllegalStateException("lost right after the login"));
        }
    }

    @Override
    public void lost(Line line, Throwable why) {
        Call<?> culprit;
        synchronized (lock) {
            Current lost = current;
            if (closed || lost == null || lost.line != line) {
                return;
            }
            current = null;
            culprit = pending.lineDown(lost.number, Failures.isOfWhatWasRead(why));
        }
        if (culprit != null) {
            culprit.fail(Failures.ofCulprit(why));
        }
        String reason = String.valueOf(Failures.of(config.url(), why).getMessage());
        LOG.log(System.Logger.Level.INFO, "connection to {0} lost: {1}", config.url(), reason);
        try {
            connector.lost(why);
            connector.ensure(this);
        } catch (Throwable e) { // the next tick tries again
            Threads.report("connecting again failed", e);
        }
    }

    @Override
    public boolean needsALine() {
        return current == null;
    }

    @Override
    public void refused(RefusedException reason) {
        List<Call<?>> waiting;
        synchronized (lock) {
            if (closed) { // who closed it is told so, and not this
                return;
            }
            waiting = pending.end(reason::rethrown);
        }
        LOG.log(System.Logger.Level.WARNING, "refused by {0}, given up: {1}", config.url(), reason.getMessage());
        waiting.forEach(call -> call.fail(call.written ? unknown(reason) : reason));
    }

    /** Of what was written on a line that is lost: the refusal of the next line says nothing of it. */
    private ChannelException unknown(RefusedException reason) {
        return new UnreachableException(
                "connection lost, and refused when made again: " + reason.getMessage(), true, reason);
    }

    private void tick() {
        try {
            for (Call<?> call : pending.overdue()) {
                call.fail(() -> overdue(call));
            }
            pump(); // whoever waited behind them
            Current now = current;
            if (now != null) {
                now.line.beat();
            } else {
                connector.ensure(this); // it may have failed to begin with it
            }
        } catch (Throwable e) { // otherwise there is no other tick
            Threads.report("the timer failed", e);
        }
    }

    private ChannelException overdue(Call<?> call) {
        String outcome = call.written ? "; it may have been carried out" : "; it was not sent";
        if (isConnected()) {
            return new TimedOutException(call.request + ": no answer in time" + outcome, call.written, null);
        }
        Throwable why = connector.lastFailure();
        String refusal = why instanceof RefusedException ? ", refused: " + why.getMessage() : "";
        return new UnreachableException(
                call.request + ": no connection to " + Failures.where(config.url()) + refusal + outcome,
                call.written,
                why);
    }

    /** Gives a call up; returns whether it may have been carried out. */
    boolean giveUp(Call<?> call) {
        return pending.giveUp(call);
    }

    boolean isConnected() {
        return current != null;
    }

    /** Fails what waits, ends the line; at most as long as {@link #FAREWELL_MILLIS} and a little. */
    @Override
    public void close() {
        Current last;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            last = current;
            current = null;
        }
        connector.close();
        timer.shutdownNow();
        for (Call<?> call : pending.end(() -> new IllegalStateException("client: closed (expected: open)"))) {
            call.fail(new UnreachableException(call.request + ": the client was closed", call.written, null));
        }
        if (last != null) {
            last.line.close(FAREWELL_MILLIS);
        }
    }
}
