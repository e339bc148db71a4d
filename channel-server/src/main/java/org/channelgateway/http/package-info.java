/** Jetty: the connector and its limits, the list of routes, problem+json. Knows no feature. */
@NullMarked
package org.channelgateway.http;

import org.jspecify.annotations.NullMarked;
