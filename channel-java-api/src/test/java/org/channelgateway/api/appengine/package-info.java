@NullMarked
package org.channelgateway.api.appengine;

import org.jspecify.annotations.NullMarked;
