package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/**
 * The {@code <body/>} of one request.
 *
 * @param sid empty for a session creation
 * @param terminate the browser ends the session with this request
 * @param restart the browser restarts its stream (XEP-0206 §5)
 * @param pause for how many seconds the browser will send nothing (XEP-0124 §10); 0 when it says nothing of it
 * @param ack up to which rid the browser has the responses (XEP-0124 §9.2); 0 when it says nothing of it
 * @param creation what a session creation asks for; null when there is a sid
 * @param fingerprint a hash of the whole body: a repeat must be an exact copy (XEP-0124 §14.3)
 */
public record BoshRequest(
        Rid rid,
        String sid,
        boolean terminate,
        boolean restart,
        int pause,
        long ack,
        List<XmlElement> stanzas,
        @Nullable Creation creation,
        long fingerprint) {
    private static final Pattern SID = Pattern.compile("\\bsid=[\"']([A-Za-z0-9_-]{1,64})[\"']");

    /** The session that the beginning of a body seems to name, before it is read; null when there is none in it. */
    public static @Nullable String sidIn(byte[] beginning) {
        Matcher sid = SID.matcher(new String(beginning, StandardCharsets.ISO_8859_1));
        return sid.find() ? sid.group(1) : null;
    }

    /** The same when its stanzas have been handed up. */
    BoshRequest withoutStanzas() {
        return new BoshRequest(rid, sid, terminate, restart, pause, ack, List.of(), creation, fingerprint);
    }

    /** True when it only asks for what waits. */
    boolean isEmpty() {
        return stanzas.isEmpty() && !restart && !isLast() && creation == null;
    }

    /** True when it may be one more than {@code requests}: after it the browser waits (XEP-0124 §11). */
    boolean isLast() {
        return terminate || pause > 0;
    }

    /**
     * @param waitSeconds longest time the browser lets a request wait
     * @param ver the highest version that both speak
     * @param acks the browser will acknowledge responses
     * @param content the type of all responses
     */
    public record Creation(String to, int waitSeconds, int hold, Version ver, boolean acks, ContentType content) {}
}
