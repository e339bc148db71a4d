package org.channelgateway.api;

/** The threads of a client: none keeps the JVM alive. */
final class Threads {
    static final String PREFIX = "channel-client ";

    private Threads() {}

    static Thread start(String name, Runnable task) {
        Thread thread = daemon(name, task);
        thread.start();
        return thread;
    }

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, PREFIX + name);
        thread.setDaemon(true);
        return thread;
    }
}
