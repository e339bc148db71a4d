package org.channelgateway.server;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process at once when stopping takes too long, or when it is told to stop a second time. */
final class Hurry {
    private static final Logger LOG = LoggerFactory.getLogger(Hurry.class);

    private Hurry() {}

    /**
     * To be called when the process begins to stop.
     *
     * @param limit after which it ends; null without one
     */
    static void install(@Nullable Duration limit) {
        for (String signal : new String[] {"TERM", "INT"}) {
            onSignal(signal);
        }
        if (limit != null) {
            Timer.daemon(() -> endAfter(limit), "hurry").start();
        }
    }

    private static void endAfter(Duration limit) {
        try {
            TimeUnit.NANOSECONDS.sleep(limit.toNanos());
            end("the time to stop is over");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(String why) {
        LOG.warn("{}: ended with work under way", why);
        Runtime.getRuntime().halt(0);
    }

    /** By reflection: the JVM has no other way to hear of a signal while it stops, and javac warns of this one. */
    private static void onSignal(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling = Proxy.newProxyInstance(
                    Hurry.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
                        if (method.getName().equals("handle")) {
                            end("told to stop again");
                        }
                        return null;
                    });
            Object unused = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("a second {} will not be heard", name, e); // as with java -Xrs
        }
    }
}
