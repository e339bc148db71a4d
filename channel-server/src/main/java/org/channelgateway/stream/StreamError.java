package org.channelgateway.stream;

/**
 * A stream error that ends a stream (RFC 6120 §4.9).
 *
 * @param condition the name of a defined condition (RFC 6120 §4.9.3)
 * @param text says more to people
 */
public record StreamError(String condition, String text) {}
