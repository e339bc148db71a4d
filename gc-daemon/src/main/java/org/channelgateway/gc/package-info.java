/** Removal of the channel accounts whose time is up. */
@NullMarked
package org.channelgateway.gc;

import org.jspecify.annotations.NullMarked;
