package org.channelgateway.bosh;

import java.util.List;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/**
 * The {@code <body/>} of one request.
 *
 * @param sid empty for a session creation
 * @param terminate the browser ends the session with this request
 * @param restart the browser restarts its stream (XEP-0206 §5)
 * @param creation what a session creation asks for; null when there is a sid
 * @param fingerprint a checksum of the whole body: a repeat must be an exact copy (XEP-0124 §14.3)
 */
record BoshRequest(
        Rid rid,
        String sid,
        boolean terminate,
        boolean restart,
        List<XmlElement> stanzas,
        @Nullable Creation creation,
        long fingerprint) {

    /** @param waitSeconds longest time the browser lets a request wait */
    record Creation(String to, int waitSeconds, int hold) {}
}
