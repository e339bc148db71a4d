/**
 * What the two flavours of App Engine's Channel API share: {@code com.google.appengine.api.channel} for {@code javax.servlet} and
 * {@code org.channelgateway.api.jakarta} for {@code jakarta.servlet}. The checks, their order and their texts are those of
 * App Engine's SDK 1.9.64. Applications use one of the two; of this package they may want {@link
 * org.channelgateway.api.appengine.SharedClient} alone.
 */
@NullMarked
package org.channelgateway.api.appengine;

import org.jspecify.annotations.NullMarked;
