/** The one bounded XML reader and the stanza writer, shared by everything that meets XML from a network. */
@NullMarked
package org.channelgateway.xml;

import org.jspecify.annotations.NullMarked;
