package org.channelgateway.registry;

import java.time.InstantSource;

final class PostgresPresencesTest extends PresencesContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time, LeaseLimits.NONE, new CallbackLimits(CALLBACKS));
    }
}
