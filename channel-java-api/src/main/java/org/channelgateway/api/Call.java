package org.channelgateway.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request that waits for its answer. What is not final belongs to {@link Pending} and its lock. */
final class Call<T> {
    final Request<T> request;
    final long bytes;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** Nano time after which it is not waited for any more. */
    long deadline;

    /** Nano time of the first write; means nothing unless {@link #written}. */
    long firstWritten;

    /** Nano time of the latest write; means nothing unless {@link #written}. */
    long lastWritten;

    boolean written;

    /** On how many lines it was written. */
    int lines;

    /** How many of them the gateway ended because of something it had read. */
    int suspicions;

    boolean done;

    /** The id of the IQ while it is on its way; null before, and again when the line is lost. */
    @Nullable
    String iqId;

    Call(Request<T> request, long deadline) {
        this.request = request;
        this.bytes = request.bytes();
        this.deadline = deadline;
    }

    /** For whoever waits. Completed by the threads of the client: nothing that blocks may depend on it directly. */
    CompletableFuture<T> result() {
        return result;
    }

    /** Only of a call that is done: nobody changes it any more. */
    void answer(Answer answer) {
        try {
            result.complete(request.reader().apply(answer));
        } catch (RefusedException e) {
            result.completeExceptionally(e.temporary() && lines > 1 ? e.withUnknownOutcome() : e);
        } catch (Throwable e) { // whoever waits must not wait in vain
            result.completeExceptionally(e);
        }
    }

    void fail(ChannelException reason) {
        result.completeExceptionally(reason);
    }

    void fail(Supplier<ChannelException> reason) {
        Throwable why;
        try {
            why = reason.get();
        } catch (Throwable e) { // whoever waits must not wait in vain
            why = e;
        }
        result.completeExceptionally(why);
    }
}
