package org.channelgateway.stats;

/**
 * What the sessions of one transport hold at a moment.
 *
 * @param heldPolls requests that wait for a message
 * @param paused sessions whose client said that it will send nothing for a while
 * @param waitingStanzas that no request or socket has taken yet
 * @param waitingBytes of those
 */
public record SessionLoad(int sessions, int heldPolls, int paused, long waitingStanzas, long waitingBytes) {
    public static final SessionLoad NONE = new SessionLoad(0, 0, 0, 0, 0);

    public SessionLoad plus(SessionLoad other) {
        return new SessionLoad(
                sessions + other.sessions,
                heldPolls + other.heldPolls,
                paused + other.paused,
                waitingStanzas + other.waitingStanzas,
                waitingBytes + other.waitingBytes);
    }
}
