/** What the servers of HTTP and of XMPP do alike with sockets. */
@NullMarked
package org.channelgateway.socket;

import org.jspecify.annotations.NullMarked;
