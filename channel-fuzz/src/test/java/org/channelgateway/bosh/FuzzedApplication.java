package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/** What gets a browser's stanzas: checks that each comes once and in order, and does what its name says. */
final class FuzzedApplication implements StreamApplication.Stream {
    private static final String NONE = "";

    /** What a stanza asks for. */
    interface Wishes {
        /** Hands the browser something while its request is handled. */
        void push();

        void end();
    }

    private @Nullable Wishes wishes;
    private long lastRid = -1;
    private int lastPlace;
    private int received;
    private int closed;
    private boolean inside;
    /** What was seen that must not be: the session catches what is thrown at it. */
    private String complaint = NONE;

    void serve(Wishes of) {
        wishes = of;
    }

    /** How many stanzas were handed up. */
    int received() {
        return received;
    }

    void check(boolean isOver) {
        assertThat(complaint).isEqualTo(NONE);
        assertThat(closed).isEqualTo(isOver ? 1 : 0);
    }

    @Override
    public void restarted() {
        enter("restart");
        inside = false;
    }

    @Override
    public void received(XmlElement stanza) {
        enter(stanza.toString());
        long rid = number(stanza, "r");
        int place = (int) number(stanza, "k");
        if (rid < lastRid || (rid == lastRid && place <= lastPlace)) {
            complaint = "out of order or twice: " + stanza;
        }
        lastRid = rid;
        lastPlace = place;
        received++;
        try {
            act(stanza.name());
        } finally {
            inside = false;
        }
    }

    private void act(String name) {
        if (wishes == null) {
            throw new AssertionError("a stanza before there is a browser");
        }
        switch (name) {
            case "push" -> {
                try {
                    wishes.push();
                } catch (AssertionError e) {
                    complaint = String.valueOf(e.getMessage());
                }
            }
            case "end" -> wishes.end();
            case "throw" -> throw new IllegalStateException("as the stanza wants it");
            default -> {}
        }
    }

    private void enter(String what) {
        if (inside || closed > 0) {
            complaint = (inside ? "within another: " : "after the end: ") + what;
        }
        inside = true;
    }

    @Override
    public void closed() {
        enter("closed");
        closed++;
        inside = false;
    }

    private static long number(XmlElement stanza, String name) {
        return Long.parseLong(String.valueOf(stanza.attribute(name)));
    }
}
