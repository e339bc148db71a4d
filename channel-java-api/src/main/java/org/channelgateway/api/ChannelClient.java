package org.channelgateway.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Creates channels and sends messages to the pages that listen to them.
 *
 * <pre>{@code
 * try (ChannelClient channels = ChannelClient.connect(config)) {
 *     String token = channels.createChannel("user-42"); // goes into a page
 *     channels.sendMessage("user-42", "{\"move\":3}");
 * }
 * }</pre>
 *
 * <p>A client keeps one connection, is thread-safe, and is meant to be shared by all threads of an application for as long as
 * it runs. A connection that is lost is made again in the background, after random pauses of up to 10 seconds; requests wait
 * for it. None of the client's threads keeps the JVM alive. A gateway that refuses the domain when the connection is made again
 * ends the client: every request fails from then on, and a new client is needed. A name and secret that were taken before and are
 * refused then ({@code not-authorized}) do not: the gateway may be cut off from its accounts. The client goes on trying, and what
 * waits too long for it fails with an {@link UnreachableException} that has the {@link RefusedException} among its causes.
 *
 * <p><b>Order.</b> Messages that one thread sends to a key arrive in the order in which it sent them, also those that it sent
 * without waiting: of the publishes to one key only one is on its way at a time. A message that failed with
 * {@link ChannelException#outcomeUnknown} may still arrive, and then later than the ones behind it. A token that stands for its
 * key counts as a key of its own here: a message to the one and a message to the other may overtake each other, unless the first
 * was waited for.
 *
 * <p><b>Repeats.</b> What is on its way when the connection is lost is asked again when it is back. A publish carries an id
 * by which the gateway knows it for two minutes, so that it is sent once; a gateway that was restarted has forgotten the ids
 * of what it had not answered. A gateway that is stopped ({@code system-shutdown}) is a lost connection like any other: what
 * was under way waits for the next one, and may have been carried out before. A create that is repeated may leave one lease
 * more, which nobody uses and which expires. Getting can be done twice without harm, and so can revoking a token. Revoking a
 * key may be done at any time until it returns, and more than once: a token of the key that another thread or program makes
 * meanwhile may be revoked, too. A request that costs the connection each time because the gateway will not have it, as when
 * it is longer than a setting of the gateway allows, is found out by the third time and fails with a {@link
 * RefusedException} that has the condition of the stream error; the others go on.
 *
 * <p><b>Waiting.</b> Every request has its result or fails within {@link ChannelConfig.Builder#timeout}. Requests that wait are
 * bounded by number and by bytes; a full client refuses the next at once. A thread that is interrupted while it waits goes on
 * at once with a {@link TimedOutException}, and stays interrupted; its request may be carried out all the same. One that is
 * interrupted already sends nothing.
 *
 * <p><b>Errors.</b> A key, message, duration, id or token that no gateway takes is an {@link IllegalArgumentException} whose
 * text names the value and what was expected, thrown at once by both forms of each method; nothing is sent. A client that was
 * closed throws {@link IllegalStateException}. Everything else is a {@link ChannelException}: {@link RefusedException},
 * {@link UnreachableException}, {@link TimedOutException} or {@link OverloadedException}. The methods that wait throw it. The
 * futures of the others complete with it, on threads of the client that are there for nothing else: what depends on them may
 * block. There are as many of these as processors, two at least, and up to 64 while they wait for this client; they have the
 * context class loader of the thread that called {@link #connect}. While all of them block no other future completes: what depends on a future is not to wait for another one, but may call the methods that
 * wait. Results that wait for a thread are not bounded. Cancelling a future takes nothing back.
 *
 * <p><b>Keys</b> are any text of 1 to 256 bytes in UTF-8, of characters that XML 1.0 allows (§2.2). They belong to the
 * application that the client logs in as.
 */
public final class ChannelClient implements AutoCloseable {
    private final Dispatcher dispatcher;
    private final PublishIds ids = new PublishIds();
    private final Callbacks callbacks = new Callbacks(Thread.currentThread().getContextClassLoader());

    private ChannelClient(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /**
     * Connects and logs in: one attempt, in at most {@link ChannelConfig.Builder#connectTimeout}. An interrupt ends it, and the
     * thread stays interrupted.
     *
     * @param config where to, and as whom
     * @return a client that is connected, to be closed
     * @throws RefusedException if the gateway refuses: {@code not-authorized} of a wrong name or secret, {@code host-unknown}
     *     of a wrong domain
     * @throws UnreachableException if there is no gateway, it does not answer in time, TLS fails, or the thread is
     *     interrupted
     */
    public static ChannelClient connect(ChannelConfig config) {
        Objects.requireNonNull(config, "config");
        try {
            return new ChannelClient(Dispatcher.connect(config, System::nanoTime));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while connecting", false, e);
        }
    }

    /**
     * Makes a lease for a key that lasts for 120 minutes.
     *
     * @param key what messages will be sent to
     * @return the token for a page; secret, 1 to 128 characters of {@code [A-Za-z0-9_-]}
     * @throws ChannelException if there is no answer, or it is no
     */
    public String createChannel(String key) {
        return await(Request.create(Checks.key(key), 0)).token();
    }

    /**
     * Makes a lease for a key.
     *
     * @param key what messages will be sent to
     * @param duration how long the token is valid: whole minutes, 1 to 1440
     * @return the token for a page; secret, 1 to 128 characters of {@code [A-Za-z0-9_-]}
     * @throws ChannelException if there is no answer, or it is no
     */
    public String createChannel(String key, Duration duration) {
        return createLease(key, duration).token();
    }

    /**
     * Makes a lease for a key, and tells all of it.
     *
     * @param key what messages will be sent to
     * @param duration how long the token is valid: whole minutes, 1 to 1440
     * @return the token, the address that belongs to it and its end
     * @throws ChannelException if there is no answer, or it is no
     */
    public ChannelLease createLease(String key, Duration duration) {
        return await(Request.create(Checks.key(key), Checks.minutes(duration)));
    }

    /**
     * The same as {@link #createLease}, without waiting.
     *
     * @param key what messages will be sent to
     * @param duration how long the token is valid: whole minutes, 1 to 1440
     * @return the lease, or a {@link ChannelException}
     */
    public CompletableFuture<ChannelLease> createLeaseAsync(String key, Duration duration) {
        return later(Request.create(Checks.key(key), Checks.minutes(duration)));
    }

    /**
     * The same as {@link #createChannel(String)}, without waiting.
     *
     * @param key what messages will be sent to
     * @return the token, or a {@link ChannelException}
     */
    public CompletableFuture<String> createChannelAsync(String key) {
        return later(Request.create(Checks.key(key), 0).map(ChannelLease::token));
    }

    /**
     * The same as {@link #createChannel(String, Duration)}, without waiting.
     *
     * @param key what messages will be sent to
     * @param duration how long the token is valid: whole minutes, 1 to 1440
     * @return the token, or a {@link ChannelException}
     */
    public CompletableFuture<String> createChannelAsync(String key, Duration duration) {
        return later(Request.create(Checks.key(key), Checks.minutes(duration)).map(ChannelLease::token));
    }

    /**
     * Sends a message to every session that listens to a key. That nobody listens is no error.
     *
     * @param key the key, or one of its tokens
     * @param message 1 to 32767 bytes in UTF-8, of characters that XML 1.0 allows; it arrives as it is, white space included
     * @return how many sessions it was handed to
     * @throws ChannelException if there is no answer, or it is no
     */
    public Receipt sendMessage(String key, String message) {
        return sendMessage(key, message, ids.next());
    }

    /**
     * Sends a message under an id of the caller's: repeated with the same id, key and message within two minutes, also by
     * another client of the same application, it is sent once, and answered as the first time.
     *
     * @param key the key, or one of its tokens
     * @param message 1 to 32767 bytes in UTF-8, of characters that XML 1.0 allows; it arrives as it is, white space included
     * @param id 1 to 128 characters that XML 1.0 allows; not used before for another key or message
     * @return how many sessions it was handed to
     * @throws ChannelException if there is no answer, or it is no
     */
    public Receipt sendMessage(String key, String message, String id) {
        return await(Request.publish(Checks.key(key), Checks.id(id), Checks.message(message)));
    }

    /**
     * The same as {@link #sendMessage(String, String)}, without waiting.
     *
     * @param key the key, or one of its tokens
     * @param message 1 to 32767 bytes in UTF-8, of characters that XML 1.0 allows; it arrives as it is, white space included
     * @return how many sessions it was handed to, or a {@link ChannelException}
     */
    public CompletableFuture<Receipt> sendMessageAsync(String key, String message) {
        return sendMessageAsync(key, message, ids.next());
    }

    /**
     * The same as {@link #sendMessage(String, String, String)}, without waiting.
     *
     * @param key the key, or one of its tokens
     * @param message 1 to 32767 bytes in UTF-8, of characters that XML 1.0 allows; it arrives as it is, white space included
     * @param id 1 to 128 characters that XML 1.0 allows; not used before for another key or message
     * @return how many sessions it was handed to, or a {@link ChannelException}
     */
    public CompletableFuture<Receipt> sendMessageAsync(String key, String message, String id) {
        return later(Request.publish(Checks.key(key), Checks.id(id), Checks.message(message)));
    }

    /**
     * Looks how a key stands.
     *
     * @param key the key
     * @return its tokens and sessions; empty when no token of it is valid
     * @throws ChannelException if there is no answer, or it is no
     */
    public Optional<ChannelState> get(String key) {
        return await(Request.get(Checks.key(key)));
    }

    /**
     * The same as {@link #get}, without waiting.
     *
     * @param key the key
     * @return its tokens and sessions, empty when no token of it is valid; or a {@link ChannelException}
     */
    public CompletableFuture<Optional<ChannelState>> getAsync(String key) {
        return later(Request.get(Checks.key(key)));
    }

    /**
     * Makes all tokens of a key invalid and ends their sessions, after the messages that were sent to the key before. A key
     * without tokens is no error. Tokens that are made before this returns may be among them, also after others were revoked: it
     * is repeated when the connection is lost before the answer. To spare new tokens, {@link #revokeToken} the old ones.
     *
     * @param key the key; a token that is valid stands for its key, with all its other tokens
     * @throws ChannelException if there is no answer, or it is no
     */
    public void revoke(String key) {
        await(Request.revoke(Checks.key(key)));
    }

    /**
     * The same as {@link #revoke}, without waiting.
     *
     * @param key the key
     * @return completed when it is done, or with a {@link ChannelException}
     */
    public CompletableFuture<Void> revokeAsync(String key) {
        return later(Request.revoke(Checks.key(key)));
    }

    /**
     * Makes one token invalid and ends its sessions. A token that is invalid already is no error.
     *
     * @param token what {@link #createChannel} returned
     * @throws ChannelException if there is no answer, or it is no
     */
    public void revokeToken(String token) {
        await(Request.revokeToken(Checks.token(token)));
    }

    /**
     * The same as {@link #revokeToken}, without waiting.
     *
     * @param token what {@link #createChannel} returned
     * @return completed when it is done, or with a {@link ChannelException}
     */
    public CompletableFuture<Void> revokeTokenAsync(String token) {
        return later(Request.revokeToken(Checks.token(token)));
    }

    /**
     * Whether there is a connection at this moment. Requests may be made without one: they wait for it.
     *
     * @return false from when a loss is noticed until the next login
     */
    public boolean isConnected() {
        return dispatcher.isConnected();
    }

    /**
     * Ends the connection and fails what waits with {@link UnreachableException}. Returns within a second, whatever the
     * network does; a second call does nothing.
     */
    @Override
    public void close() {
        dispatcher.close();
        callbacks.close();
    }

    private <T> T await(Request<T> request) {
        if (Thread.currentThread().isInterrupted()) {
            throw new TimedOutException(request + ": interrupted before it was sent", false, null);
        }
        Call<T> call = dispatcher.submit(request);
        try {
            return call.result().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChannelException reason) {
                throw reason.rethrown();
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimedOutException(request + ": interrupted while waiting", dispatcher.giveUp(call), e);
        }
    }

    private <T> CompletableFuture<T> later(Request<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            CompletableFuture<T> unused = dispatcher
                    .submit(request)
                    .result()
                    .whenCompleteAsync(
                            (result, reason) -> {
                                if (reason == null) {
                                    answer.complete(result);
                                } else {
                                    answer.completeExceptionally(reason);
                                }
                            },
                            callbacks);
        } catch (ChannelException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }
}
