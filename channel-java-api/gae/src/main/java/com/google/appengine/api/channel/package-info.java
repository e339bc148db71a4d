/**
 * App Engine's Channel API for Java, on a Channel Gateway: the classes of the SDK 1.9.64 with its limits, exceptions and texts.
 * {@link com.google.appengine.api.channel.ChannelServiceFactory#getChannelService} is where to start.
 */
@NullMarked
package com.google.appengine.api.channel;

import org.jspecify.annotations.NullMarked;
