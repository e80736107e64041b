package dev.agentreaper.check;

import dev.agentreaper.health.Problem;
import dev.agentreaper.log.Printable;
import org.jspecify.annotations.Nullable;

/**
 * What came of one thing that was tried.
 *
 * @param name what was tried
 * @param pool for which pool of the configuration; null where it concerns them all
 * @param message what was found; is made fit to print
 * @param cure what to do about it; null where nothing is to be done
 */
public record Check(
        String name,
        @Nullable String pool,
        String message,
        @Nullable String cure) {
    public Check {
        message = Printable.line(message);
        cure = cure == null ? null : Printable.line(cure);
    }

    static Check passed(String name, @Nullable String pool, String message) {
        return new Check(name, pool, message, null);
    }

    static Check failed(String name, @Nullable String pool, Problem problem) {
        return new Check(name, pool, problem.what(), problem.cure());
    }

    public boolean isOk() {
        return cure == null;
    }
}
