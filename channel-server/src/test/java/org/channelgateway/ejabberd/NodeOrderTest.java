package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NodeOrderTest {
    private static final int MANY = 200;

    private final EjabberdConfig.Node one = node("one");
    private final EjabberdConfig.Node two = node("two");
    private final EjabberdConfig.Node three = node("three");
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // it overflows in the middle
    private final NodeOrder order = new NodeOrder(List.of(one, two, three), now::get);

    private static EjabberdConfig.Node node(String name) {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 1);
        return new EjabberdConfig.Node(name, URI.create("http://localhost/" + name), nowhere, nowhere);
    }

    /** Which nodes are in that place when many ask. */
    private Set<EjabberdConfig.Node> inPlace(int place) {
        return IntStream.range(0, MANY).mapToObj(i -> order.next().get(place)).collect(Collectors.toSet());
    }

    private void rest() {
        now.addAndGet(NodeOrder.REST.toNanos());
    }

    @Test
    void asksAnyOfThemFirstAndEachOnce() {
        assertThat(inPlace(0)).containsExactlyInAnyOrder(one, two, three);
        assertThat(order.next()).containsExactlyInAnyOrder(one, two, three);
    }

    @Test
    void asksLastWhichDidNotAnswer() {
        order.didNotAnswer(two);
        assertThat(inPlace(2)).containsExactly(two);
        assertThat(inPlace(0)).containsExactlyInAnyOrder(one, three);
    }

    @Test
    void asksAllWhenNoneAnswers() {
        List.of(one, two, three).forEach(order::didNotAnswer);
        assertThat(order.next()).containsExactlyInAnyOrder(one, two, three);
    }

    @Test
    void hasOneOfManyTryItAfterAWhile() {
        order.didNotAnswer(two);
        rest();
        assertThat(order.next().get(0)).isEqualTo(two);
        assertThat(inPlace(2)).containsExactly(two);
        rest();
        assertThat(order.next().get(0)).isEqualTo(two);
    }

    @Test
    void hasNobodyTryTwoOfThem() {
        List.of(one, two).forEach(order::didNotAnswer);
        rest();
        assertThat(order.next().get(1)).isEqualTo(three);
        assertThat(order.next().get(1)).isEqualTo(three);
        assertThat(inPlace(0)).containsExactly(three);
    }

    @Test
    void isAgainOneOfAllWhenItAnswers() {
        order.didNotAnswer(two);
        order.answered(two);
        assertThat(inPlace(0)).containsExactlyInAnyOrder(one, two, three);
    }
}
