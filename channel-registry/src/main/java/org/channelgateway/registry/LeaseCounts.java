package org.channelgateway.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** How many leases there are, and what else goes with them. Thread-safe. */
interface LeaseCounts {
    /** What the counts are with one more. */
    record After(long ofApp, long ofKeyAtMost) {}

    /**
     * One more is about to be written; {@link #notAdded} is due when it is not.
     *
     * @param planned what is about to be written with it, of the same application
     */
    After adding(String app, ChannelKey key, List<LeaseRow> planned);

    void notAdded(String app, ChannelKey key);

    /** In the transaction that writes them. */
    void added(Session session, List<LeaseRow> rows) throws SQLException;

    /** In the transaction that removes them. */
    void removing(Session session, List<Lease> leases, Instant now) throws SQLException;

    /** When they are. */
    void removed(List<Lease> leases);
}
