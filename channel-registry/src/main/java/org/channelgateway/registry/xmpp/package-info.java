/** The administration of an outside XMPP server, as one of its accounts may do it (XEP-0133). */
@NullMarked
package org.channelgateway.registry.xmpp;

import org.jspecify.annotations.NullMarked;
