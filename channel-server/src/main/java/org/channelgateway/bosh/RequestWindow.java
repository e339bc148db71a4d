package org.channelgateway.bosh;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.xml.EncodedStanza;
import org.jspecify.annotations.Nullable;

/**
 * The order of a session's requests and the answers kept for repeats (XEP-0124 §14). Guarded by the lock of its session.
 */
final class RequestWindow {
    /** What a request is to the session. */
    sealed interface Arrival {
        /** Not seen before; {@link #takeNext} says when its turn has come. */
        record New() implements Arrival {}

        /** A repeat of a request that has no answer yet (XEP-0124 §17.3). */
        record Copy(HeldRequest original) implements Arrival {}

        /** A repeat of a request that was answered with {@code body} (XEP-0124 §14.3). */
        record Repeat(byte[] body) implements Arrival {}

        /** It waits for an earlier one, and there is no room for what waits; the client may send it again. */
        record NoRoom() implements Arrival {}

        /** Below what is kept, above what is allowed, or not an exact copy (XEP-0124 §11, §14.2, §14.3). */
        record Refused(Breach breach) implements Arrival {}
    }

    private final int size;
    private long next;
    /** Requests without an answer, by rid: first those taken up, then those that came early. */
    private final List<HeldRequest> open = new ArrayList<>(2);

    private final KeptAnswers answers;
    private final Supplier<HeapRoom.Claim> early;

    /** With answers and requests that are counted nowhere else. */
    RequestWindow(int size, long first) {
        this(size, first, new Backlog(Long.MAX_VALUE / 2), () -> new HeapRoom(Long.MAX_VALUE).claim(null));
    }

    /**
     * @param size most requests that may be open at once
     * @param first the rid of the first request
     * @param backlog what the answers are counted in that are kept
     * @param early asked for a part of the room for requests of all sessions that wait for an earlier one
     */
    RequestWindow(int size, long first, Backlog backlog, Supplier<HeapRoom.Claim> early) {
        this.size = size;
        this.next = first;
        this.answers = new KeptAnswers(size, backlog);
        this.early = early;
    }

    Arrival arrive(HeldRequest request) {
        long rid = request.rid();
        for (HeldRequest known : open) {
            if (known.rid() == rid) {
                boolean copy =
                        known.request().fingerprint() == request.request().fingerprint();
                return copy ? new Arrival.Copy(known) : new Arrival.Refused(Breach.OTHER_PAYLOAD);
            }
        }
        KeptAnswers.Answered answer = answers.find(rid);
        if (answer != null) {
            return answer.isRepeatedBy(request)
                    ? new Arrival.Repeat(answer.body())
                    : new Arrival.Refused(Breach.OTHER_PAYLOAD);
        }
        long highest = lastAnswered() + size + (request.request().isLast() ? 1 : 0); // XEP-0124 §11
        if (rid < next || rid > highest) {
            boolean tooMany = rid == highest + 1 && open.size() >= size;
            return new Arrival.Refused(tooMany ? Breach.TOO_MANY_REQUESTS : Breach.RID);
        }
        if (rid > next && !request.takeRoom(early.get())) {
            return new Arrival.NoRoom();
        }
        int at = 0;
        while (at < open.size() && open.get(at).rid() < rid) {
            at++;
        }
        open.add(at, request);
        return new Arrival.New();
    }

    private long lastAnswered() {
        return (open.isEmpty() ? next : Math.min(next, open.get(0).rid())) - 1;
    }

    /** The highest rid up to which all requests have come (XEP-0124 §9.1). */
    long received() {
        long received = next - 1;
        for (HeldRequest request : open) {
            if (request.rid() == received + 1) {
                received++;
            }
        }
        return received;
    }

    /** Takes out a request that was refused after all. */
    void withdraw(HeldRequest request) {
        open.remove(request);
        request.leaveRoom();
    }

    /** The request whose turn it is, null when that one has not arrived. */
    @Nullable
    HeldRequest takeNext() {
        for (HeldRequest request : open) {
            if (request.rid() == next) {
                next++;
                request.leaveRoom();
                return request;
            }
        }
        return null;
    }

    /** The oldest request without an answer. */
    HeldRequest oldest() {
        return open.get(0);
    }

    void answered(HeldRequest request, byte[] body) {
        answered(request, body, List.of());
    }

    /** @param carried the stanzas in {@code body} */
    void answered(HeldRequest request, byte[] body, List<EncodedStanza> carried) {
        open.remove(request);
        answers.add(request, body, carried);
    }

    /** The answers that are kept for repeats. */
    KeptAnswers answers() {
        return answers;
    }

    /** Takes out all that have no answer. */
    List<HeldRequest> removeOpen() {
        List<HeldRequest> all = List.copyOf(open);
        open.clear();
        all.forEach(HeldRequest::leaveRoom);
        return all;
    }

    /** True while {@code request} has no answer. */
    boolean isOpen(HeldRequest request) {
        return open.contains(request);
    }
}
