package org.channelgateway.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.channelgateway.limit.HeapRoom;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body as it comes, up to a limit and as long as there is room for all of them, until it has been handed on.
 * Confined to the thread that Jetty runs it on.
 */
final class BodyReader implements Runnable {
    /** So much of each body takes no room: the number of connections bounds what is short. */
    static final int FREE_BYTES = 2048;

    private final Call call;
    private final Request request;
    private final Supplier<HeapRoom.Claim> room;
    private final int firstBytes;
    private final Predicate<byte[]> mayBeLonger;
    private final int maxBytes;
    private final Consumer<byte[]> then;
    private final Runnable tooLong;
    private byte[] bytes = new byte[0];
    private int length;
    /** What this body takes of the room; null while it is short. */
    private HeapRoom.@Nullable Claim claim;

    /**
     * @param room asked once for a part of it, if the body is long
     * @param firstBytes longest body of which nothing is asked
     * @param mayBeLonger asked once for a longer one, with its beginning
     */
    BodyReader(
            Call call,
            Supplier<HeapRoom.Claim> room,
            int firstBytes,
            Predicate<byte[]> mayBeLonger,
            int maxBytes,
            Consumer<byte[]> then,
            Runnable tooLong) {
        this.call = call;
        this.room = room;
        this.firstBytes = firstBytes;
        this.mayBeLonger = mayBeLonger;
        this.request = call.request();
        this.maxBytes = maxBytes;
        this.then = then;
        this.tooLong = tooLong;
    }

    @Override
    public void run() {
        if (request.getLength() > maxBytes) {
            tooLong.run();
            return;
        }
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                leave();
                call.fail(chunk.getFailure());
                return;
            }
            boolean last = chunk.isLast();
            Runnable refusal = take(chunk);
            if (refusal != null) {
                leave();
                refusal.run();
                return;
            }
            if (last) {
                call.bodyRead();
                handOn();
                return;
            }
        }
    }

    private @Nullable Runnable take(Content.Chunk chunk) {
        try {
            return take(chunk.getByteBuffer());
        } catch (RuntimeException | Error e) {
            leave();
            throw e;
        } finally {
            chunk.release();
        }
    }

    private void handOn() {
        boolean runs = false;
        try {
            runs = call.proceed(() -> {
                try {
                    then.accept(whole());
                } finally {
                    leave();
                }
            });
        } finally {
            if (!runs) { // refused, or no thread could be made for it
                leave();
            }
        }
    }

    private void leave() {
        if (claim != null) {
            claim.close();
        }
    }

    /** Null when the part was taken, and otherwise what refuses it. */
    private @Nullable Runnable take(ByteBuffer part) {
        int size = part.remaining();
        if (size > maxBytes - length || (length <= firstBytes && size > firstBytes - length && !mayBeLonger(part))) {
            return tooLong;
        }
        if (length + size > bytes.length) {
            int capacity = capacity(length + size);
            if (!takeRoom(capacity)) {
                return call::refuseBody;
            }
            bytes = Arrays.copyOf(bytes, capacity);
        }
        part.get(bytes, length, size);
        length += size;
        return null;
    }

    private boolean takeRoom(int capacity) {
        if (capacity <= FREE_BYTES) {
            return true;
        }
        if (claim == null) {
            claim = room.get();
        }
        return claim.growTo(capacity - FREE_BYTES);
    }

    private boolean mayBeLonger(ByteBuffer part) {
        byte[] beginning = Arrays.copyOf(bytes, length + part.remaining());
        part.get(part.position(), beginning, length, part.remaining());
        return mayBeLonger.test(beginning);
    }

    /** Grows with what has come, never by what is only announced. */
    private int capacity(int needed) {
        int twice = bytes.length * 2;
        if (needed <= FREE_BYTES) { // a short body takes no room, in whatever pieces it comes
            twice = Math.min(twice, FREE_BYTES);
        }
        return needed == request.getLength() ? needed : Math.min(Math.max(needed, twice), maxBytes);
    }

    private byte[] whole() {
        if (length < bytes.length) {
            bytes = Arrays.copyOf(bytes, length); // what was longer is not kept
        }
        return bytes;
    }
}
