@NullMarked
package org.channelgateway.callback;

import org.jspecify.annotations.NullMarked;
