/** The application that shares the gateway's address: everything that is not the gateway's goes to it and comes back. */
@NullMarked
package org.channelgateway.proxy;

import org.jspecify.annotations.NullMarked;
