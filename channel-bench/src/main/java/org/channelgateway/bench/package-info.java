/** Loads on a server, one class each, and the swarm that runs them. {@link org.channelgateway.bench.BenchMain} is the way in. */
@NullMarked
package org.channelgateway.bench;

import org.jspecify.annotations.NullMarked;
