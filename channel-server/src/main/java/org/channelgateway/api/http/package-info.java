/** The HTTP door to the channel service: the requests under /v1. */
@NullMarked
package org.channelgateway.api.http;

import org.jspecify.annotations.NullMarked;
