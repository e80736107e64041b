package dev.agentreaper.health;

import dev.agentreaper.log.Facts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How we stand with one outside thing: a watch of the API server, or a pool of Azure DevOps. A failure is logged when it
 * begins and when it is over, however many calls it takes with it. Thread-safe.
 */
public final class Connection {
    private static final Logger LOG = Logger.getLogger(Connection.class);
    private static final Duration TOLD_AGAIN_AFTER = Duration.ofMinutes(1);
    private static final Duration UNREADY_AFTER = Duration.ofMinutes(5);

    private final String name;
    private final InstantSource clock;
    /** It is used only now and then, so that a failure makes it unready only while it is being seen. */
    private final boolean seldomUsed;

    private final Map<String, Pause> told = new HashMap<>();
    private final Set<String> toldOfThisFailure = new HashSet<>();
    private boolean everWorked;
    private @Nullable Failure failure;
    private Instant lastFailed = Instant.EPOCH;

    /**
     * A time in which it did not work.
     *
     * @param problem what was wrong, as last seen
     * @param until null while it lasts
     */
    public record Failure(
            Problem problem, Instant since, @Nullable Instant until) {
        public boolean lasts() {
            return until == null;
        }
    }

    /**
     * How it stands.
     *
     * @param everWorked false until it has shown that it works
     * @param ready see {@link Connection#isReady}
     * @param failure the one that lasts, else the last; null where there was none
     */
    public record State(
            String name,
            boolean everWorked,
            boolean ready,
            @Nullable Failure failure) {
        public boolean isFailing() {
            return failure != null && failure.lasts();
        }
    }

    /**
     * One that has yet to show that it works.
     *
     * @param name what it is connected to, as an operator would call it: {@code pool default}
     */
    public Connection(String name, InstantSource clock) {
        this(name, clock, false);
    }

    private Connection(String name, InstantSource clock, boolean seldomUsed) {
        this.name = name;
        this.clock = clock;
        this.seldomUsed = seldomUsed;
        this.everWorked = seldomUsed;
    }

    /**
     * One that is used only now and then: it is ready until it fails, and again when it has not been seen to fail for five
     * minutes, as nobody tries any more. That it failed last is still told.
     */
    public static Connection assumedToWork(String name, InstantSource clock) {
        return new Connection(name, clock, true);
    }

    public String name() {
        return name;
    }

    /** All that it is for just worked. */
    public synchronized void worked() {
        everWorked = true;
        answered();
    }

    /** A call just worked: it does not fail now, which does not say that all that it is for works. */
    public synchronized void answered() {
        if (failure == null || !failure.lasts()) {
            return;
        }
        Instant now = clock.instant();
        if (!toldOfThisFailure.isEmpty()) {
            long seconds = Duration.between(failure.since(), now).toSeconds();
            // The text has words for what the last parameter brings into JSON; so below.
            LOG.infof("%s: works again after %d s", name, seconds, facts().andField("seconds", seconds));
        }
        failure = new Failure(failure.problem(), failure.since(), now);
        toldOfThisFailure.clear();
    }

    private Facts facts() {
        return new Facts().andField("connection", name);
    }

    /** It just failed. */
    public synchronized void failed(Problem problem) {
        Instant now = clock.instant();
        failure = new Failure(problem, failure != null && failure.lasts() ? failure.since() : now, null);
        lastFailed = now;
        // Once while it lasts, and not each time that it comes and goes.
        if (!toldOfThisFailure.contains(problem.kind())
                && !told.getOrDefault(problem.kind(), Pause.NONE).lasts(now)) {
            LOG.warnf(
                    "%s: %s",
                    name,
                    problem,
                    facts().andField("kind", problem.kind())
                            .andField("problem", problem.what())
                            .andField("cure", problem.cure()));
            told.put(problem.kind(), new Pause(now, TOLD_AGAIN_AFTER));
            toldOfThisFailure.add(problem.kind());
        }
    }

    /** Whether it has worked, and has not been failing for so long that someone should look. */
    public synchronized boolean isReady() {
        if (failure == null || !failure.lasts()) {
            return everWorked;
        }
        Instant now = clock.instant();
        boolean isNew = new Pause(failure.since(), UNREADY_AFTER).lasts(now);
        boolean isSeen = new Pause(lastFailed, UNREADY_AFTER).lasts(now);
        return everWorked && (isNew || (seldomUsed && !isSeen));
    }

    /** What is wrong now; null where nothing is. */
    public synchronized @Nullable Problem problem() {
        return failure == null || !failure.lasts() ? null : failure.problem();
    }

    public synchronized State state() {
        return new State(name, everWorked, isReady(), failure);
    }
}
