package org.channelgateway.xml;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A stanza rendered once, in UTF-8, and shared by all who receive it. Thread-safe; nobody changes the bytes. */
public final class EncodedStanza {
    /** How a transport wraps a single stanza. */
    public interface Framing {
        byte[] frame(byte[] stanza);
    }

    private record Framed(Framing framing, byte[] bytes) {}

    private static final AtomicIntegerFieldUpdater<EncodedStanza> KEPT =
            AtomicIntegerFieldUpdater.newUpdater(EncodedStanza.class, "keepers");

    private final byte[] bytes;
    /** How many keep it until it can be sent. */
    @SuppressWarnings("unused") // used by KEPT
    private volatile int keepers;
    /** Run each time it has been written to a client; null when nobody asks. */
    private final @Nullable Runnable written;
    /** The last framing asked for: made by the first receiver, used by the others. A race makes it twice, no more. */
    private volatile @Nullable Framed framed;

    public EncodedStanza(String xml) {
        this(xml, null);
    }

    /** @param written run by each transport, under no lock, when it has written the stanza to a client */
    public EncodedStanza(String xml, @Nullable Runnable written) {
        this.bytes = xml.getBytes(StandardCharsets.UTF_8);
        this.written = written;
    }

    /** To be called by a transport when it has handed the bytes to the client's connection. */
    public void written() {
        if (written != null) {
            written.run();
        }
    }

    public int length() {
        return bytes.length;
    }

    /** The bytes themselves, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** One more keeps it until it can be sent: true for the first. {@link #released} is due. */
    public boolean kept() {
        return KEPT.incrementAndGet(this) == 1;
    }

    /** One keeps it no longer: true for the last. */
    public boolean released() {
        return KEPT.decrementAndGet(this) == 0;
    }

    /** The bytes as {@code framing} wraps them, not a copy. */
    public byte[] framed(Framing framing) {
        Framed known = framed;
        if (known == null || known.framing != framing) {
            known = new Framed(framing, framing.frame(bytes));
            framed = known;
        }
        return known.bytes;
    }
}
