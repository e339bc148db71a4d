package org.channelgateway.registry;

/** How the databases differ. */
enum Vendor {
    H2("h2") {
        @Override
        String removed(String delete) {
            return "SELECT " + LeaseRow.COLUMNS + " FROM OLD TABLE (" + delete
                    + ")"; // ISO 9075-2, data change delta table
        }

        /** One process has the file, and what it inserts is new. */
        @Override
        String unlessThere(String insert) {
            return insert;
        }

        /** All rows but the expired: the former is a number that H2 keeps, the latter are few. */
        @Override
        String live() {
            return "SELECT (SELECT COUNT(*) FROM leases) - (SELECT COUNT(*) FROM leases WHERE expires <= ?)";
        }
    },

    POSTGRESQL("postgresql") {
        @Override
        String removed(String delete) {
            return delete + " RETURNING " + LeaseRow.COLUMNS;
        }

        @Override
        String unlessThere(String insert) {
            return insert + " ON CONFLICT DO NOTHING";
        }

        /**
         * By the counts that the gateways keep: to count rows would read them all, at each probe of each gateway. Of the expired no more
         * are looked at than some thousands.
         */
        @Override
        String live() {
            return "SELECT (SELECT COALESCE(SUM(leases), 0) FROM lease_counts) - (SELECT COUNT(*) FROM"
                    + " (SELECT 1 FROM leases WHERE expires <= ? FETCH FIRST 10000 ROWS ONLY) AS over)";
        }
    };

    private final String folder;

    Vendor(String folder) {
        this.folder = folder;
    }

    /** Of its migrations. */
    String folder() {
        return folder;
    }

    /** The statement that removes leases as {@code delete} does and returns them. */
    abstract String removed(String delete);

    /** The statement that inserts as {@code insert} does, and nothing where another process has inserted the same. */
    abstract String unlessThere(String insert);

    /** Counts the leases that are live at a time. */
    abstract String live();
}
