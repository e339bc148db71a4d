/** Apache Vysper behind XmppBackend: the only package that sees its types. */
@NullMarked
package org.channelgateway.embedded;

import org.jspecify.annotations.NullMarked;
