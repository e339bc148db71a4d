/** What browsers load and call: jsapi, connect, disconnect and the demo page. */
@NullMarked
package org.channelgateway.web;

import org.jspecify.annotations.NullMarked;
