package org.channelgateway.bosh;

import java.util.List;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/** A request that has no answer yet. Guarded by the lock of its session. */
final class HeldRequest {
    private BoshRequest request;
    /** Null while the browser's connection is lost and it has not repeated the request. */
    private @Nullable Exchange exchange;
    /** Nano time at which it is answered with an empty body. */
    private final long due;

    private int copies;
    /** What it takes while it waits for an earlier one; null when it does not. */
    private HeapRoom.@Nullable Claim room;

    HeldRequest(BoshRequest request, Exchange exchange, long due) {
        this.request = request;
        this.exchange = exchange;
        this.due = due;
    }

    BoshRequest request() {
        return request;
    }

    /** What is to be handed up. It is not kept while the request waits for its answer: it takes many times the bytes of the body. */
    List<XmlElement> takeStanzas() {
        List<XmlElement> taken = request.stanzas();
        request = request.withoutStanzas();
        return taken;
    }

    /** Takes room for what is to be handed up; false when there is none. */
    boolean takeRoom(HeapRoom.Claim of) {
        room = of;
        return of.growTo(
                request.stanzas().stream().mapToInt(XmlElement::heapBytes).sum());
    }

    void leaveRoom() {
        if (room != null) {
            room.close();
        }
    }

    long rid() {
        return request.rid().value();
    }

    long due() {
        return due;
    }

    @Nullable
    Exchange exchange() {
        return exchange;
    }

    /** Moves to the connection of a repeat; returns the older one. */
    @Nullable
    Exchange moveTo(@Nullable Exchange newer) {
        Exchange older = exchange;
        exchange = newer;
        return older;
    }

    /** Counts a copy that came while its connection seemed to live; returns how many there were. */
    int countCopy() {
        copies++;
        return copies;
    }
}
