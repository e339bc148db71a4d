package org.channelgateway.xml;

/**
 * What one document may cost.
 *
 * @param maxBytes longest document
 * @param maxDepth deepest nesting; the root is at depth 1
 * @param maxAttributes most attributes of one element
 * @param maxElements most elements in one document
 */
public record XmlLimits(int maxBytes, int maxDepth, int maxAttributes, int maxElements) {

    public XmlLimits {
        positive("maxBytes", maxBytes);
        positive("maxDepth", maxDepth);
        positive("maxAttributes", maxAttributes);
        positive("maxElements", maxElements);
    }

    /** Most attributes of all elements of one document together: each costs much more than its bytes. */
    public int maxAllAttributes() {
        return 2 * maxElements;
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
