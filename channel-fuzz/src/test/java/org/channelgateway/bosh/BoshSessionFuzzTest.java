package org.channelgateway.bosh;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;

/**
 * A session and its window of rids. An input is a byte that says what session it is, and then one byte for each thing that
 * happens, with one more for a request: counted from {@code a}, what is done in the low four bits and how in the others.
 */
@Timeout(120)
class BoshSessionFuzzTest {
    private static final int MOST = 300;
    private static final long[] SECONDS = {1, 14, 61, 151};
    private static final int[] OFFSETS = {0, 0, 1, 2, 3, -1, -2, -4};
    private static final String[][] STANZAS = {
        {}, {"s"}, {"s", "s"}, {"push"}, {"s", "push", "push"}, {"end"}, {"s", "throw", "s"}, {}
    };
    private static final String[] ATTRIBUTES = {"", "", " type='terminate'", " xmpp:restart='true'"};

    @FuzzTest
    void keepsItsPromisesWhateverABrowserDoes(byte[] input) {
        if (input.length < 2) {
            return;
        }
        FuzzedBrowser browser = browser(byteAt(input, 0));
        int last = Math.min(input.length, MOST);
        for (int i = 1; i < last; i++) {
            int what = byteAt(input, i);
            int how = what >> 4;
            switch (what & 15) {
                case 0, 1, 2, 3, 4 -> {
                    i++;
                    request(browser, how, i < last ? byteAt(input, i) : 0);
                }
                case 5, 6, 7, 8 -> browser.deliver(how & 3);
                case 9, 10 -> browser.breakOff(1 + (how & 3));
                case 11, 12, 13 -> browser.pass(Duration.ofSeconds(SECONDS[how & 3]));
                case 14 -> browser.breakOff(-(how & 3));
                default -> {
                    if (how == 15) {
                        browser.end();
                    }
                }
            }
        }
        browser.finish();
    }

    private static int byteAt(byte[] input, int at) {
        return (input[at] - 'a') & 0xFF;
    }

    private static FuzzedBrowser browser(int kind) {
        return switch (kind & 7) {
            case 0, 1 -> new FuzzedBrowser(1);
            case 2 -> new FuzzedBrowser(2);
            case 3 -> new FuzzedBrowser(1000, 60, 1);
            case 4 -> new FuzzedBrowser(1, 60, 2);
            case 5 -> new FuzzedBrowser(1000, 0, 1);
            case 6 -> new FuzzedBrowser(1000, 60, 0);
            default -> new FuzzedBrowser(Rid.MAX - 4, 60, 1);
        };
    }

    /** @param more bits 0-2: which rid, 3-5: which stanzas, 6-7: which attributes */
    private static void request(FuzzedBrowser browser, int how, int more) {
        String attribute = switch (how) {
            case 13 -> " pause='60'";
            case 14 -> " pause='100000'";
            case 12 -> " ack='" + browser.lastRid() + "'";
            case 11 -> " ack='" + Math.max(1, browser.lastRid() - 1) + "'";
            case 10 -> " ack='1'";
            default -> ATTRIBUTES[more >> 6];
        };
        browser.send(OFFSETS[more & 7], attribute, STANZAS[(more >> 3) & 7], how != 15);
    }
}
