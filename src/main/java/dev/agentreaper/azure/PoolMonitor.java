package dev.agentreaper.azure;

import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Heartbeat;
import dev.agentreaper.network.Backoff;
import java.time.Duration;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/**
 * Keeps a pool's directory fresh, and with it what is known of the connection: lists the agents at start, again and again
 * while that fails, and at least every five minutes.
 */
public final class PoolMonitor {
    private static final Logger LOG = Logger.getLogger(PoolMonitor.class);
    private static final Duration FRESH_FOR = Duration.ofMinutes(4);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
    private static final Duration BEAT_WITHIN = Duration.ofMinutes(30);

    private final AgentDirectory directory;
    private final Connection connection;
    private final Heartbeat heartbeat;
    private final InstantSource clock;
    private final Thread thread;

    public PoolMonitor(AgentDirectory directory, Connection connection, Heartbeat heartbeat, InstantSource clock) {
        this.directory = directory;
        this.connection = connection;
        this.heartbeat = heartbeat;
        this.clock = clock;
        this.thread = Thread.ofPlatform()
                .name("monitor of " + connection.name())
                .daemon()
                .unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public void stop() {
        thread.interrupt();
    }

    private void run() {
        int failures = 0;
        try {
            while (true) {
                heartbeat.beat(BEAT_WITHIN);
                if (isFresh() || refresh()) {
                    failures = 0;
                    Thread.sleep(BACKOFF.longest());
                } else {
                    Thread.sleep(BACKOFF.pause(++failures));
                }
            }
        } catch (InterruptedException e) {
            heartbeat.end();
        }
    }

    private boolean isFresh() {
        Duration age = Duration.between(directory.listedAt(), clock.instant());
        return connection.problem() == null && !age.isNegative() && age.compareTo(FRESH_FOR) < 0;
    }

    private boolean refresh() throws InterruptedException {
        try {
            directory.refresh();
            return true;
        } catch (AzureDevOpsException e) {
            LOG.debugf("%s: not listed: %s", connection.name(), e.getMessage());
            return false;
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%s: not listed", connection.name());
            return false;
        }
    }
}
