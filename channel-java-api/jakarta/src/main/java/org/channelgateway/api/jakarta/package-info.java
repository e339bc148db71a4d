/**
 * The twin of {@code com.google.appengine.api.channel} for applications of {@code jakarta.servlet}: the same classes, limits,
 * exceptions and texts under another name. {@link
 * org.channelgateway.api.jakarta.ChannelServiceFactory#getChannelService} is where to start.
 */
@NullMarked
package org.channelgateway.api.jakarta;

import org.jspecify.annotations.NullMarked;
