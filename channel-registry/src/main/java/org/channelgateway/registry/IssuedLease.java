package org.channelgateway.registry;

/** A new lease and the token that opens it; the token is told this once, only its hash is kept. */
public record IssuedLease(Token token, Lease lease) {}
