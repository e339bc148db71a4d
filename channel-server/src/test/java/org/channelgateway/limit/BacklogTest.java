package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BacklogTest {
    private final Backlog backlog = new Backlog(1000);

    private final class Client implements Backlog.Reader {
        private int waiting;

        Client(int bytes) {
            waiting = bytes;
            backlog.add(bytes);
        }

        @Override
        public int waitingBytes() {
            return waiting;
        }

        @Override
        public void endSlow() {
            backlog.add(-waiting);
            waiting = 0;
        }
    }

    @Test
    void endsNobodyWhileThereIsRoom() {
        List<Client> clients = List.of(new Client(400), new Client(600));
        backlog.relieve(() -> clients);
        assertThat(clients).allMatch(client -> client.waiting > 0);
        assertThat(backlog.isFull()).isFalse();
    }

    @Test
    void endsTheSlowestUntilAQuarterIsFree() {
        List<Client> clients =
                List.of(new Client(10), new Client(500), new Client(200), new Client(300), new Client(700));
        assertThat(backlog.isFull()).isTrue();
        backlog.relieve(() -> clients);
        assertThat(clients).extracting(Client::waitingBytes).containsExactly(10, 0, 200, 300, 0);
        assertThat(backlog.isFull()).isFalse();
    }
}
