/** What applications are told: who came and went, and what their pages sent. */
@NullMarked
package org.channelgateway.callback;

import org.jspecify.annotations.NullMarked;
