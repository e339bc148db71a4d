/** XMPP over BOSH (XEP-0124, XEP-0206) on Jetty core handlers; knows nothing of channels. */
@NullMarked
package org.channelgateway.bosh;

import org.jspecify.annotations.NullMarked;
