/** What makes {@code com.google.appengine.api.channel} at home in a servlet container. Nothing for applications to call. */
@NullMarked
package org.channelgateway.gae;

import org.jspecify.annotations.NullMarked;
