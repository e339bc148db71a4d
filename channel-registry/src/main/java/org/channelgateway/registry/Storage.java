package org.channelgateway.registry;

/** A database that is open. Thread-safe. */
interface Storage extends Database.Source, AutoCloseable {
    Vendor vendor();

    /** The state of the connections; asks nothing of the database. */
    PoolState pool();

    @Override
    void close();
}
