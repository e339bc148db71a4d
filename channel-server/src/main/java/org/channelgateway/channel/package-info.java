/** What the gateway is for: channels, their subscribers and the messages published to them. No Jetty, no XMPP library. */
@NullMarked
package org.channelgateway.channel;

import org.jspecify.annotations.NullMarked;
