package org.channelgateway.bosh;

/** An XMPP stream error that ends a session, with the condition {@code remote-stream-error} (XEP-0206 §7). */
public record StreamError(String condition, String text) {}
