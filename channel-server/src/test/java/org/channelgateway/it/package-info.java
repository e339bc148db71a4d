/** The gateway as its users meet it: real HTTP, a real browser, real lost connections. */
@NullMarked
package org.channelgateway.it;

import org.jspecify.annotations.NullMarked;
