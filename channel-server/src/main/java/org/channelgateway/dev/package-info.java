/** The protocol of Google's development server, for clients that are no browsers. */
@NullMarked
package org.channelgateway.dev;

import org.jspecify.annotations.NullMarked;
