package org.channelgateway.dev;

import java.time.Duration;

/**
 * What one connection may cost.
 *
 * @param inactivity how long it lives without a poll
 * @param maxMessages most messages that wait for it
 * @param maxBytes most bytes of those, as XML
 */
public record DevConfig(Duration inactivity, int maxMessages, int maxBytes) {}
