/** What the parts of the gateway count of themselves. Knows no other package. */
@NullMarked
package org.channelgateway.stats;

import org.jspecify.annotations.NullMarked;
