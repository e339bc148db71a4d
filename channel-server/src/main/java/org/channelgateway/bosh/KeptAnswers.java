package org.channelgateway.bosh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.channelgateway.limit.Backlog;
import org.channelgateway.xml.EncodedStanza;
import org.jspecify.annotations.Nullable;

/**
 * The last answers of a session, kept for repeats of their requests (XEP-0124 §14.3): so many, and their bytes are counted with
 * what waits for all clients. Guarded by the lock of its session.
 */
final class KeptAnswers {
    /**
     * An answer that was given.
     *
     * @param shared the only stanza in {@code body}, whose bytes others may keep, too; null when the body is its own
     */
    record Answered(
            long rid,
            long fingerprint,
            byte[] body,
            @Nullable EncodedStanza shared) {
        boolean isRepeatedBy(HeldRequest request) {
            return request.request().fingerprint() == fingerprint;
        }

        /** Constant ones cost nothing. */
        private int bytes() {
            return body == BoshXml.EMPTY ? 0 : body.length;
        }
    }

    private final int most;
    private final Backlog backlog;
    private final Deque<Answered> answers = new ArrayDeque<>(2);
    private int bytes;

    /** @param most how many are kept */
    KeptAnswers(int most, Backlog backlog) {
        this.most = most;
        this.backlog = backlog;
    }

    /** Keeps one, and forgets the oldest for it. */
    void add(HeldRequest request, byte[] body, List<EncodedStanza> carried) {
        if (answers.size() == most) {
            release(answers.removeFirst());
        }
        boolean isShared = carried.size() == 1 && body == carried.get(0).framed(BoshXml.FRAMING);
        Answered last =
                new Answered(request.rid(), request.request().fingerprint(), body, isShared ? carried.get(0) : null);
        answers.addLast(last);
        bytes += last.bytes();
        if (last.shared == null) {
            backlog.add(last.bytes());
        } else if (last.shared.kept()) {
            backlog.add(last.shared.length());
        }
    }

    /** The answer to the request {@code rid}; null when it is not kept. */
    @Nullable
    Answered find(long rid) {
        for (Answered answer : answers) {
            if (answer.rid == rid) {
                return answer;
            }
        }
        return null;
    }

    /** How many bytes are kept, shared or not. */
    int bytes() {
        return bytes;
    }

    /** Keeps none: a repeat of their requests is refused from now on. */
    void forget() {
        answers.forEach(this::release);
        answers.clear();
    }

    private void release(Answered answer) {
        bytes -= answer.bytes();
        if (answer.shared == null) {
            backlog.add(-answer.bytes());
        } else if (answer.shared.released()) {
            backlog.add(-answer.shared.length());
        }
    }
}
