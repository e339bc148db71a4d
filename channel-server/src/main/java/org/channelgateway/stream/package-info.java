/** Between the transports of XMPP streams (BOSH, TCP) and what answers them. */
@NullMarked
package org.channelgateway.stream;

import org.jspecify.annotations.NullMarked;
