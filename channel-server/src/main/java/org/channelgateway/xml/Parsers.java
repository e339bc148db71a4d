package org.channelgateway.xml;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLInputFactory;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;

/**
 * Makes parsers. The names that a parser met stay in its factory, under a hash for which anyone can make up colliding
 * names, so a factory is replaced after so many bytes of input. Thread-safe.
 */
final class Parsers {
    static final int FACTORY_BYTES = 1 << 16;

    private final Supplier<AsyncXMLInputFactory> factories;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private AsyncXMLInputFactory factory;

    @GuardedBy("lock")
    private long factoryBytes;

    Parsers(Supplier<AsyncXMLInputFactory> factories) {
        this.factories = factories;
        this.factory = factories.get();
    }

    /** A parser for one document. */
    AsyncXMLStreamReader<AsyncByteArrayFeeder> of(byte[] document) throws XMLStreamException {
        return factory(document.length).createAsyncFor(document);
    }

    /** A parser without input yet; what it gets is counted when it is {@link #drop dropped}. */
    AsyncXMLStreamReader<AsyncByteArrayFeeder> empty() {
        return factory(0).createAsyncForByteArray();
    }

    /** Takes back a parser that read so many bytes. */
    void drop(AsyncXMLStreamReader<AsyncByteArrayFeeder> parser, int bytes) {
        try {
            parser.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a parser without a source could not be closed", e);
        }
        lock.lock();
        try {
            factoryBytes += bytes;
        } finally {
            lock.unlock();
        }
    }

    private AsyncXMLInputFactory factory(int bytes) {
        lock.lock();
        try {
            factoryBytes += bytes;
            if (factoryBytes > FACTORY_BYTES) {
                factory = factories.get();
                factoryBytes = bytes;
            }
            return factory;
        } finally {
            lock.unlock();
        }
    }
}
