/** The servers of a cluster as the tests start them, and what is tested against them. */
@NullMarked
package org.channelgateway.cluster;

import org.jspecify.annotations.NullMarked;
