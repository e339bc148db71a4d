package org.channelgateway.registry;

import java.time.InstantSource;

final class PostgresListingTest extends ListingContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time);
    }
}
