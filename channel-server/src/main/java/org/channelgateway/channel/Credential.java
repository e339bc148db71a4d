package org.channelgateway.channel;

import org.channelgateway.registry.Lease;

/** What an account's name and secret are worth at this moment. */
public sealed interface Credential {
    /** The account of a lease: it may listen. */
    record Subscriber(Lease lease) implements Credential {}

    /** The account of the application {@code app}: it may create, publish, look and revoke. */
    record Application(String app) implements Credential {}

    record Refused(SessionEnd why) implements Credential {}
}
