package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeapRoomTest {
    private final HeapRoom room = new HeapRoom(1000);

    private HeapRoom.Claim taken(String owner, int bytes) {
        HeapRoom.Claim claim = room.claim(owner);
        assertThat(claim.growTo(bytes)).isTrue();
        return claim;
    }

    @Test
    void hasNoMoreThanThereIs() {
        HeapRoom.Claim first = room.claim(null);
        assertThat(first.growTo(600)).isTrue();
        HeapRoom.Claim second = room.claim(null);
        assertThat(second.growTo(400)).isTrue();
        assertThat(second.growTo(401)).isFalse();
        assertThat(room.bytes()).isEqualTo(1000);
        first.close();
        assertThat(second.growTo(401)).isTrue();
        assertThat(room.bytes()).isEqualTo(401);
    }

    @Test
    void growsAndNeverShrinks() {
        HeapRoom.Claim claim = taken("a", 100);
        assertThat(claim.growTo(50)).isTrue();
        assertThat(room.bytes()).isEqualTo(100);
        assertThat(claim.growTo(120)).isTrue();
        assertThat(room.bytes()).isEqualTo(120);
    }

    @Test
    void hasAlwaysRoomForWhatIsAlone() {
        HeapRoom.Claim alone = taken("a", 5000);
        assertThat(alone.growTo(6000)).isTrue();
        assertThat(room.claim("b").growTo(1)).isFalse();
        alone.close();
        assertThat(room.bytes()).isZero();
        assertThat(room.claim("b").growTo(1)).isTrue();
    }

    @Test
    void leavesRoomForOthersBesideOneOwner() {
        taken("other", 10);
        HeapRoom.Claim first = taken("a", 200);
        HeapRoom.Claim second = room.claim("a");
        assertThat(second.growTo(51)).isFalse();
        assertThat(second.growTo(50)).isTrue();
        taken("b", 250);
        first.close();
        assertThat(room.claim("a").growTo(200)).isTrue();
    }

    @Test
    void takesMoreThanAPartForTheOnlyThingOfAnOwner() {
        taken("other", 10);
        assertThat(taken("a", 251).growTo(990)).isTrue();
        assertThat(room.bytes()).isEqualTo(1000);
    }

    @Test
    void isCrowdedByWhatTakesAPartWhenMoreThanHalfIsTaken() {
        HeapRoom.Claim first = taken("a", 100);
        HeapRoom.Claim none = room.claim("b");
        taken("c", 250);
        HeapRoom.Claim fourth = taken("d", 150);
        assertThat(first.isCrowding()).isFalse();
        taken("e", 1);
        assertThat(first.isCrowding()).isTrue();
        assertThat(none.isCrowding()).isFalse();
        fourth.close();
        assertThat(first.isCrowding()).isFalse();
    }

    @Test
    void isCrowdedByAnOwnerThatTakesMoreThanHalfOfItsPart() {
        HeapRoom.Claim first = taken("a", 125);
        assertThat(first.isCrowding()).isFalse();
        HeapRoom.Claim second = taken("a", 1);
        assertThat(first.isCrowding()).isTrue();
        assertThat(second.isCrowding()).isTrue();
        assertThat(taken("b", 1).isCrowding()).isFalse();
    }

    @Test
    void takesNothingForWhatIsClosed() {
        HeapRoom.Claim claim = taken("a", 100);
        claim.close();
        claim.close();
        assertThat(claim.growTo(100)).isFalse();
        assertThat(room.bytes()).isZero();
    }
}
