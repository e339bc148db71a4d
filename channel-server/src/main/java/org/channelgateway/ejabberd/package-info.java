/** ejabberd behind {@code XmppBackend}: the component stream of the channel service, and the way of browsers to mod_bosh. */
@NullMarked
package org.channelgateway.ejabberd;

import org.jspecify.annotations.NullMarked;
