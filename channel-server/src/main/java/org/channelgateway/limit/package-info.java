/** Bounds that several parts of the gateway keep: counts, rates. Knows what it counts only by its address or not at all. */
@NullMarked
package org.channelgateway.limit;

import org.jspecify.annotations.NullMarked;
