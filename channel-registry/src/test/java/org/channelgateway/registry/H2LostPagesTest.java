package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class H2LostPagesTest {
    private static final int ROWS = 200; // some leaves below one root

    @TempDir
    Path data;

    private Connection connection;
    private MVStore store;
    private H2LostPages lostPages;

    @BeforeEach
    void loseAPage() throws Exception {
        open();
        update("CREATE TABLE kept (id BIGINT PRIMARY KEY, text VARCHAR)");
        update("CREATE TABLE emptied (id BIGINT PRIMARY KEY, text VARCHAR)");
        fill("kept");
        fill("emptied");
        for (int i = 1; i <= ROWS; i++) { // the next leaf must be as it was saved when one becomes empty
            update("DELETE FROM emptied WHERE id = " + i);
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void open() throws SQLException {
        connection =
                DriverManager.getConnection("jdbc:h2:file:" + data.resolve("test") + ";WRITE_DELAY=0;PAGE_SIZE=4096");
        store = ((SessionLocal) connection.unwrap(JdbcConnection.class).getSession())
                .getDatabase()
                .getStore()
                .getMvStore();
        lostPages = new H2LostPages(store, (RandomAccessStore) store.getFileStore());
    }

    private void fill(String table) throws SQLException {
        update("INSERT INTO " + table + " SELECT x, REPEAT('x', 50) FROM SYSTEM_RANGE(1, " + ROWS + ")");
    }

    private void update(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Without any, H2 has been mended and {@link H2LostPages} can go. */
    @Test
    void findsThePageThatH2Loses() {
        assertThat(lostPages.find()).isNotEmpty();
    }

    @Test
    void releasesOnceWhatTwoSearchesHaveFound() throws Exception {
        int lost = lostPages.find().size();

        assertThat(lostPages.release()).isZero();
        assertThat(lostPages.release()).isZero(); // what the first found may be counted with the next commits
        commitThrice();
        assertThat(lostPages.release()).isEqualTo(lost);
        commitThrice();
        assertThat(lostPages.find()).isEmpty();
        assertThat(lostPages.release()).isZero();
    }

    private void commitThrice() throws SQLException {
        for (int i = 0; i < 3; i++) {
            update("UPDATE kept SET text = 'y' WHERE id = " + (i + 1));
        }
    }

    @Test
    void waitsForAStatementThatRunsSinceTheSearch() throws Exception {
        MVStore.TxCounter statement = store.registerVersionUsage();
        lostPages.release();
        commitThrice();

        assertThat(lostPages.release()).isZero();

        store.deregisterVersionUsage(statement);
        commitThrice();
        assertThat(lostPages.release()).isPositive();
    }

    @Test
    void keepsThePagesOfRows() throws Exception {
        lostPages.release();
        commitThrice();
        lostPages.release();
        commitThrice();
        close();
        open();

        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(text) FROM kept")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(ROWS);
        }
    }
}
