/** Who exists and until when: accounts of applications and users, and the leases that make channels. */
@NullMarked
package org.channelgateway.registry;

import org.jspecify.annotations.NullMarked;
