/** XMPP over TCP: what clients connect to (RFC 6120). Knows nothing of channels. */
@NullMarked
package org.channelgateway.c2s;

import org.jspecify.annotations.NullMarked;
