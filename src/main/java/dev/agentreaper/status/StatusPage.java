package dev.agentreaper.status;

import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.health.Connection;
import dev.agentreaper.log.Printable;
import dev.agentreaper.removal.Outcome;
import dev.agentreaper.removal.Removal;
import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;

/** The status as a page, for people. Its template writes it, in these words; what it writes is escaped. */
record StatusPage(Status status) implements TemplateInstance {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** How long before, or after, now: {@code 3 min ago}, {@code in 2 h}. */
    @TemplateExtension
    static String from(Instant time, Instant now) {
        Duration ago = Duration.between(time, now);
        return ago.isNegative() ? "in " + rough(ago.negated()) : rough(ago) + " ago";
    }

    /** How long something has lasted. */
    @TemplateExtension
    static String lasting(Instant time, Instant now) {
        return rough(Duration.between(time, now));
    }

    /** The time of the day, as {@code 16:04:12 UTC}. */
    @TemplateExtension
    static String clock(Instant time) {
        return CLOCK.format(time);
    }

    private static String rough(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 2 * 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }

    /** How long it took, to two digits or so: {@code 12 ms}, {@code 3.4 s}, {@code 7 min}. */
    @TemplateExtension
    static String exact(Duration duration) {
        long milliseconds = duration.toMillis();
        if (milliseconds < 1000) {
            return milliseconds + " ms";
        }
        return milliseconds < 60_000 ? String.format(Locale.ROOT, "%.1f s", milliseconds / 1000.0) : rough(duration);
    }

    /** What came from outside, made fit to be shown; the template escapes it besides. */
    @TemplateExtension
    static String shown(Object text) {
        return Printable.of(text.toString());
    }

    @TemplateExtension
    static String joined(Collection<PodKey> pods) {
        return Printable.of(String.join(", ", PodKey.names(pods)));
    }

    /** What a summary says. */
    @TemplateExtension
    static String words(Status.Summary summary) {
        return switch (summary) {
            case HEALTHY -> "Healthy";
            case DEGRADED -> "Degraded";
            case STARTING -> "Starting";
            case NOT_READY -> "Not ready";
        };
    }

    /** What a reason to keep an agent says. */
    @TemplateExtension
    static String words(KeepReason reason) {
        return switch (reason) {
            case POD_ALIVE -> "its pod lives";
            case PROTECTED -> "protected by its name, or a placeholder";
            case NOT_OURS -> "not of this cluster, or not for sweeps to remove";
            case UNMAPPED -> "the agent of some pod can't be told, so nothing is swept";
            case ONLINE -> "online, though no pod here runs it";
            case DISABLED -> "disabled by a person";
            case BUSY -> "a job is assigned to it";
            case GRACE -> "not offline for long enough yet";
            case OUTAGE -> "pods run and no agent is online: an outage";
            case LIMIT -> "left to the next sweep, for the limit";
        };
    }

    /** What is to be said of an agent. */
    @TemplateExtension
    static String words(AgentStatus agent) {
        if (agent.sweep() == null) {
            return "not seen by a sweep yet";
        }
        if (agent.reason() != null) {
            return words(agent.reason());
        }
        return agent.sweep().outcome() == null
                ? "to be removed"
                : words(agent.sweep().outcome());
    }

    /** How a removal ended. */
    @TemplateExtension
    static String words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Removed removed -> "removed";
            case Outcome.AlreadyGone gone -> "was gone already";
            case Outcome.Kept(KeepReason reason) -> "kept: " + words(reason);
            case Outcome.DryRun dryRun -> "would be removed (dry run)";
            case Outcome.GaveUp(String why) -> "given up, left to the sweep: " + Printable.of(why);
            case Outcome.Failed(String why, boolean _) -> "not removed: " + Printable.of(why);
        };
    }

    /** What led to it. */
    @TemplateExtension
    static String why(Removal removal) {
        return removal.trigger() == Trigger.SWEEP ? "sweep" : "pod gone";
    }

    /** How a connection stands. */
    @TemplateExtension
    static String words(Connection.State connection, Instant now) {
        Connection.Failure failure = connection.failure();
        if (failure == null) {
            return connection.everWorked() ? "works" : "has not answered yet";
        }
        return failure.until() == null
                ? "failing for " + lasting(failure.since(), now)
                : "works again for " + lasting(failure.until(), now);
    }
}
