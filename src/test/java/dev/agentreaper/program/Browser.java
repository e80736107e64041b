package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The Chromium on the PATH, without a window. */
final class Browser implements AutoCloseable {
    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser start() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(onPath("chromium").orElseThrow().toFile());
        // There is no sandbox for root, and little shared memory in a container.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Sets what the next pages are shown with: the size of the window, the colours, and whether scripts run. */
    Browser with(int width, int height, boolean dark, boolean scripts) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !scripts));
        return this;
    }

    void open(URI page) {
        driver.get(page.toString());
    }

    String title() {
        return driver.getTitle();
    }

    /** What a person can read. */
    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    void press(Keys key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** Whether an expression of JavaScript is true. */
    boolean holds(String expression) {
        return Boolean.TRUE.equals(driver.executeScript("return " + expression));
    }

    /** What the browser complained of on its console since it was last asked: errors, and what the page's policy forbids. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What axe finds that keeps people from using the page with a screen reader, a keyboard, or weak eyes. */
    List<String> barriers() {
        return new AxeBuilder()
                .analyze(driver).getViolations().stream().map(Browser::told).toList();
    }

    private static String told(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + ": "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    /** Writes how the page looks, from its top, to a file for people. The browser can refuse to while it changes pages. */
    void photograph(Path file) {
        byte[] picture = eventually()
                .ignoreException(TimeoutException.class)
                .until(() -> driver.getScreenshotAs(OutputType.BYTES), Objects::nonNull);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
