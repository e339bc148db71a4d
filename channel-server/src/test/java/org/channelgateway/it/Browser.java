package org.channelgateway.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.channelgateway.nginx.SelfSigned;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** One headless Chromium, driven through the driver of the same package. Confined to the thread of the test. */
final class Browser implements AutoCloseable {
    private final Path profile;
    private final ChromeDriver driver;
    private final List<ProcessHandle> drivers;
    /** The tab that stays open when all pages are closed. */
    private final String home;

    private final List<Page> pages = new ArrayList<>();
    private boolean killed;

    /** Gives all test classes that ask for it the same browser. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Browser.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(Browser.class, type -> new Browser(), Browser.class);
        }
    }

    Browser() {
        try {
            profile = Files.createTempDirectory("chromium-it-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options(profile));
        drivers = ProcessHandle.current()
                .children()
                .filter(Predicate.not(before::contains))
                .toList();
        home = driver.getWindowHandle();
    }

    private static ChromeOptions options(Path profile) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--ignore-certificate-errors-spki-list=" + SelfSigned.keyHash(), // that of nginx, signed by nobody
                "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", logs);
        return options;
    }

    /** Opens a page in a new tab. */
    Page open(URI address) {
        driver.switchTo().newWindow(WindowType.TAB);
        Page page = new Page(this, driver.getWindowHandle());
        pages.add(page);
        driver.get(address.toString());
        return page;
    }

    ChromeDriver in(Page page) {
        driver.switchTo().window(page.handle());
        return driver;
    }

    /** Closes the tab as a user does. */
    void close(Page page) {
        in(page).close();
        pages.remove(page);
        driver.switchTo().window(home);
    }

    /** Closes all tabs, so that a test leaves nothing to the next one. */
    void closePages() {
        for (Page page : List.copyOf(pages)) {
            close(page);
        }
        driver.manage().logs().get(LogType.BROWSER);
    }

    /** What the pages' consoles said since the last call. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Writes what the page looks like at a width, at its full height. */
    void screenshot(Page page, int width, Path file) {
        resize(page, width, 800);
        Object height = driver.executeScript("return document.documentElement.scrollHeight");
        resize(page, width, height instanceof Long pixels ? pixels.intValue() : 800);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lays the page out as for a screen of this size, which the window itself cannot always have. */
    void resize(Page page, int width, int height) {
        in(page).executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Ends every process of the browser with SIGKILL, as the kernel does when memory runs out. */
    void kill() {
        killed = true;
        drivers.stream().flatMap(ProcessHandle::descendants).forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        if (killed) {
            drivers.forEach(ProcessHandle::destroyForcibly);
        } else {
            driver.quit();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
