@NullMarked
package org.channelgateway.gaeinterop;

import org.jspecify.annotations.NullMarked;
