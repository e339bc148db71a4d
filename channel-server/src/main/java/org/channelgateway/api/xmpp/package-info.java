/** The channel service as an XMPP entity: requests that applications send to {@code channel.DOMAIN}. */
@NullMarked
package org.channelgateway.api.xmpp;

import org.jspecify.annotations.NullMarked;
