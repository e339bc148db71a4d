@NullMarked
package org.channelgateway.api;

import org.jspecify.annotations.NullMarked;
