/** The settings: one record per component, and the loader. */
@NullMarked
package org.channelgateway.config;

import org.jspecify.annotations.NullMarked;
