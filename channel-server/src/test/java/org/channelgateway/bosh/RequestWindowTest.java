package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.channelgateway.bosh.RequestWindow.Arrival;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.xml.XmlElement;
import org.junit.jupiter.api.Test;

class RequestWindowTest {
    private static final byte[] BODY = {1};

    private final RequestWindow window = new RequestWindow(2, 100);

    @Test
    void takesWhatIsWithinTheWindow() {
        assertThat(window.arrive(request(99))).isInstanceOf(Arrival.Refused.class);
        assertThat(window.arrive(request(102))).isInstanceOf(Arrival.Refused.class);
        assertThat(window.arrive(request(101))).isInstanceOf(Arrival.New.class);
        assertThat(window.arrive(request(100))).isInstanceOf(Arrival.New.class);
        assertThat(window.arrive(request(102))).isInstanceOf(Arrival.Refused.class);
    }

    @Test
    void countsTheWindowFromTheLastAnswerNotFromTheLastTaken() {
        HeldRequest first = arrived(100);
        HeldRequest second = arrived(101);
        assertThat(window.takeNext()).isSameAs(first);
        assertThat(window.takeNext()).isSameAs(second);
        assertThat(window.arrive(request(102))).isInstanceOf(Arrival.Refused.class);
        window.answered(first, BODY);
        assertThat(window.arrive(request(102))).isInstanceOf(Arrival.New.class);
        assertThat(window.arrive(request(103))).isInstanceOf(Arrival.Refused.class);
    }

    @Test
    void givesNobodyATurnBeforeItsPredecessor() {
        HeldRequest second = arrived(101);
        assertThat(window.takeNext()).isNull();
        HeldRequest first = arrived(100);
        assertThat(window.oldest()).isSameAs(first);
        assertThat(window.takeNext()).isSameAs(first);
        assertThat(window.takeNext()).isSameAs(second);
        assertThat(window.takeNext()).isNull();
    }

    /** One with a stanza, of which the room has place for one. */
    private HeldRequest talking(long rid) {
        XmlElement stanza = new XmlElement("jabber:client", "message", List.of(), List.of());
        return request(new BoshRequest(new Rid(rid), "sid", false, false, 0, 0, List.of(stanza), null, rid));
    }

    @Test
    void keepsNoMoreRequestsThatCameEarlyThanThereIsRoomFor() {
        HeapRoom early = new HeapRoom(300);
        RequestWindow one = new RequestWindow(2, 100, new Backlog(1000), () -> early.claim(null));
        RequestWindow other = new RequestWindow(2, 500, new Backlog(1000), () -> early.claim(null));
        HeldRequest second = talking(101);
        assertThat(one.arrive(second)).isInstanceOf(Arrival.New.class);
        assertThat(early.bytes()).isPositive();

        assertThat(other.arrive(talking(501))).isInstanceOf(Arrival.NoRoom.class);
        assertThat(other.arrive(request(501))).as("without a stanza").isInstanceOf(Arrival.New.class);
        assertThat(other.arrive(talking(500))).as("it is next").isInstanceOf(Arrival.New.class);
        assertThat(other.takeNext()).isNotNull();

        assertThat(one.arrive(talking(100))).isInstanceOf(Arrival.New.class);
        assertThat(one.takeNext()).isNotNull();
        assertThat(one.takeNext()).isSameAs(second);
        assertThat(early.bytes()).isZero();
    }

    @Test
    void givesTheRoomBackOfWhatHasNoTurnAnyMore() {
        HeapRoom early = new HeapRoom(300);
        RequestWindow ended = new RequestWindow(2, 100, new Backlog(1000), () -> early.claim(null));
        assertThat(ended.arrive(talking(101))).isInstanceOf(Arrival.New.class);
        assertThat(ended.removeOpen()).hasSize(1);
        assertThat(early.bytes()).isZero();

        RequestWindow refusing = new RequestWindow(2, 100, new Backlog(1000), () -> early.claim(null));
        HeldRequest withdrawn = talking(101);
        assertThat(refusing.arrive(withdrawn)).isInstanceOf(Arrival.New.class);
        refusing.withdraw(withdrawn);
        assertThat(early.bytes()).isZero();
    }

    @Test
    void knowsARepeatWhetherTakenHeldOrAnswered() {
        HeldRequest first = arrived(100);
        assertThat(window.arrive(request(100))).isEqualTo(new Arrival.Copy(first));
        window.takeNext();
        assertThat(window.arrive(request(100))).isEqualTo(new Arrival.Copy(first));
        window.answered(first, BODY);
        assertThat(window.arrive(request(100))).isEqualTo(new Arrival.Repeat(BODY));
        assertThat(window.isOpen(first)).isFalse();
    }

    @Test
    void takesOnlyAnExactCopyForARepeat() {
        HeldRequest first = arrived(100);
        assertThat(window.arrive(request(100, 2, false))).isInstanceOf(Arrival.Refused.class);
        window.takeNext();
        window.answered(first, BODY);
        assertThat(window.arrive(request(100, 2, false))).isInstanceOf(Arrival.Refused.class);
    }

    @Test
    void forgetsAllButTheLastAnswers() {
        for (long rid = 100; rid < 103; rid++) {
            HeldRequest request = arrived(rid);
            window.takeNext();
            window.answered(request, BODY);
        }
        assertThat(window.arrive(request(100))).isInstanceOf(Arrival.Refused.class);
        assertThat(window.arrive(request(101))).isInstanceOf(Arrival.Repeat.class);
        assertThat(window.arrive(request(102))).isInstanceOf(Arrival.Repeat.class);
    }

    @Test
    void takesATerminationBeyondTheWindow() {
        assertThat(window.arrive(request(102, 1, true))).isInstanceOf(Arrival.New.class);
        assertThat(window.arrive(request(103, 1, true))).isInstanceOf(Arrival.Refused.class);
    }

    /** XEP-0124 §11: all that may be open is open; §14.2: a rid is missing. */
    @Test
    void tellsTooManyRequestsFromARidOutOfTheWindow() {
        arrived(101);
        assertThat(window.arrive(request(102))).isEqualTo(new Arrival.Refused(Breach.RID));
        arrived(100);
        assertThat(window.arrive(request(102))).isEqualTo(new Arrival.Refused(Breach.TOO_MANY_REQUESTS));
        assertThat(window.arrive(request(103))).isEqualTo(new Arrival.Refused(Breach.RID));
        assertThat(window.arrive(request(101, 2, false))).isEqualTo(new Arrival.Refused(Breach.OTHER_PAYLOAD));
    }

    /** XEP-0124 §9.1. */
    @Test
    void knowsUpToWhichRidAllHasCome() {
        assertThat(window.received()).isEqualTo(99);
        arrived(101);
        assertThat(window.received()).isEqualTo(99);
        arrived(100);
        assertThat(window.received()).isEqualTo(101);
        window.takeNext();
        assertThat(window.received()).isEqualTo(101);
    }

    @Test
    void countsToTheGreatestRid() {
        RequestWindow last = new RequestWindow(2, Rid.MAX);
        HeldRequest request = request(Rid.MAX);
        assertThat(last.arrive(request)).isInstanceOf(Arrival.New.class);
        assertThat(last.takeNext()).isSameAs(request);
        last.answered(request, BODY);
        assertThat(last.arrive(request(Rid.MAX))).isInstanceOf(Arrival.Repeat.class);
    }

    @Test
    void givesTurnsInOrderWhateverTheArrival() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            RequestWindow wide = new RequestWindow(3, 1);
            List<Long> turns = new ArrayList<>();
            for (long base = 1; base < 30; base += 3) {
                List<Long> rids = new ArrayList<>(List.of(base, base + 1, base + 2));
                Collections.shuffle(rids, random);
                for (long rid : rids) {
                    assertThat(wide.arrive(request(rid))).isInstanceOf(Arrival.New.class);
                    for (HeldRequest next = wide.takeNext(); next != null; next = wide.takeNext()) {
                        turns.add(next.rid());
                    }
                }
                for (int i = 0; i < 3; i++) {
                    wide.answered(wide.oldest(), BODY);
                }
            }
            assertThat(turns).isSorted().hasSize(30);
        }
    }

    private HeldRequest arrived(long rid) {
        HeldRequest request = request(rid);
        assertThat(window.arrive(request)).isInstanceOf(Arrival.New.class);
        return request;
    }

    private static HeldRequest request(long rid) {
        return request(rid, 1, false);
    }

    private static HeldRequest request(long rid, long fingerprint, boolean terminate) {
        return request(new BoshRequest(new Rid(rid), "sid", terminate, false, 0, 0, List.of(), null, fingerprint));
    }

    private static HeldRequest request(BoshRequest request) {
        return new HeldRequest(request, new FakeExchange(), 0);
    }
}
