package org.channelgateway.examples.tictactoe.run;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** One player: a headless Chromium with a profile of its own, and the page in it. Confined to the thread of the test. */
final class PlayerPage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    /** @param profile an empty folder */
    PlayerPage(Path profile) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
    }

    void open(URI address) {
        driver.get(address.toString());
    }

    void reload() {
        driver.navigate().refresh();
    }

    /** Goes elsewhere, as one who leaves does. */
    void leave() {
        driver.get("about:blank");
    }

    void back() {
        driver.navigate().back();
    }

    void press(String id) {
        driver.findElement(By.id(id)).click();
    }

    /** Plays a cell, 0 to 8, as soon as it can be played. */
    void play(int cell) {
        await("cell " + cell).atMost(PATIENCE).until(() -> cell(cell).isEnabled());
        cell(cell).click();
    }

    private WebElement cell(int cell) {
        return driver.findElements(By.cssSelector("#board button")).get(cell);
    }

    /** The board as the page shows it, row by row, {@code -} for a free cell. */
    String board() {
        return String.valueOf(driver.executeScript("return [...document.querySelectorAll('#board button')]"
                + ".map((cell) => ({'×': 'X', '○': 'O'})[cell.textContent] || '-').join('')"));
    }

    String text(String id) {
        return String.valueOf(driver.executeScript("return document.getElementById(arguments[0]).textContent", id));
    }

    String body() {
        return driver.findElement(By.tagName("body")).getText();
    }

    String link() {
        return String.valueOf(driver.executeScript("return document.getElementById('link').value"));
    }

    void awaitText(String id, String text) {
        await(id + ": " + text).atMost(PATIENCE).until(() -> text(id).equals(text));
    }

    /** Waits until the page shows that a cell is played. */
    void awaitTaken(int cell) {
        await("move " + cell).atMost(PATIENCE).until(() -> board().charAt(cell) != '-');
    }

    void awaitBoard(String board) {
        await("board: " + board).atMost(PATIENCE).until(() -> board().equals(board));
    }

    /** Writes what the page looks like on a screen of that size. */
    void screenshot(int width, int height, Path file) throws IOException {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
