/** The integration tests of Smack, and checks in their manner of what they leave out, against a gateway in a process of its own. */
@NullMarked
package org.channelgateway.interop;

import org.jspecify.annotations.NullMarked;
