package org.channelgateway.channel;

import org.channelgateway.registry.Lease;

/** What a token is worth at this moment. */
public sealed interface Admission {
    record Admitted(Lease lease) implements Admission {}

    record Refused(SessionEnd why) implements Admission {}
}
