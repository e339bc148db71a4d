/** Main, and the only wiring. */
@NullMarked
package org.channelgateway.server;

import org.jspecify.annotations.NullMarked;
