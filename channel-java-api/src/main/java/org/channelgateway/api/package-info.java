/**
 * What a Java application uses to create channels and to send messages: {@link org.channelgateway.api.ChannelClient}.
 *
 * <p>It speaks XMPP to a Channel Gateway, as IQs to the service {@code channel.DOMAIN} in the namespace
 * {@code urn:channelgateway:1}.
 */
@NullMarked
package org.channelgateway.api;

import org.jspecify.annotations.NullMarked;
