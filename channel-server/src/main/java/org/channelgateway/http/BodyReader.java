package org.channelgateway.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads a request's body as it comes, up to a limit. Confined to the thread that Jetty runs it on. */
final class BodyReader implements Runnable {
    private final Call call;
    private final Request request;
    private final int firstBytes;
    private final Predicate<byte[]> mayBeLonger;
    private final int maxBytes;
    private final Consumer<byte[]> then;
    private final Runnable tooLong;
    private byte[] bytes = new byte[0];
    private int length;

    /**
     * @param firstBytes longest body of which nothing is asked
     * @param mayBeLonger asked once for a longer one, with its beginning
     */
    BodyReader(
            Call call,
            int firstBytes,
            Predicate<byte[]> mayBeLonger,
            int maxBytes,
            Consumer<byte[]> then,
            Runnable tooLong) {
        this.call = call;
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
                call.fail(chunk.getFailure());
                return;
            }
            boolean taken = take(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (!taken) {
                tooLong.run();
                return;
            }
            if (last) {
                call.bodyRead();
                call.proceed(() -> then.accept(whole()));
                return;
            }
        }
    }

    private boolean take(ByteBuffer part) {
        int size = part.remaining();
        if (size > maxBytes - length || (length <= firstBytes && size > firstBytes - length && !mayBeLonger(part))) {
            return false;
        }
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, capacity(length + size));
        }
        part.get(bytes, length, size);
        length += size;
        return true;
    }

    private boolean mayBeLonger(ByteBuffer part) {
        byte[] beginning = Arrays.copyOf(bytes, length + part.remaining());
        part.get(part.position(), beginning, length, part.remaining());
        return mayBeLonger.test(beginning);
    }

    /** Grows with what has come, never by what is only announced. */
    private int capacity(int needed) {
        return needed == request.getLength() ? needed : Math.min(Math.max(needed, bytes.length * 2), maxBytes);
    }

    private byte[] whole() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
