/** The example of the README. */
@NullMarked
package org.channelgateway.example;

import org.jspecify.annotations.NullMarked;
