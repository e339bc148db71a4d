/** What the gateway tells of itself: health, readiness, metrics. */
@NullMarked
package org.channelgateway.ops;

import org.jspecify.annotations.NullMarked;
