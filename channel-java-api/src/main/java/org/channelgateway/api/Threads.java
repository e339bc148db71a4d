package org.channelgateway.api;

/** The threads of a client: none keeps the JVM alive. */
final class Threads {
    static final String PREFIX = "channel-client ";

    private static final System.Logger LOG = System.getLogger(Threads.class.getName());

    private Threads() {}

    static Thread start(String name, Runnable task) {
        Thread thread = daemon(name, task);
        thread.start();
        return thread;
    }

    /** Of what must not end the thread that met it, even if there is no memory to say so. */
    static void report(String what, Throwable failure) {
        try {
            LOG.log(System.Logger.Level.ERROR, what, failure);
        } catch (Throwable e) {
            // said by whatever fails next
        }
    }

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, PREFIX + name);
        thread.setDaemon(true);
        return thread;
    }
}
