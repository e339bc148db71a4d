/** The configurations of {@code nginx-conf}, with the system's nginx. */
@NullMarked
package org.channelgateway.nginx;

import org.jspecify.annotations.NullMarked;
