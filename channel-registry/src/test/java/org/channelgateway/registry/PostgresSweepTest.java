package org.channelgateway.registry;

import java.time.InstantSource;

final class PostgresSweepTest extends SweepContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time);
    }
}
