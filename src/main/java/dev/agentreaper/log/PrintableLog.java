package dev.agentreaper.log;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Makes every record of the log fit to print, whoever wrote it: no text from outside begins a line of its own, and no
 * secret of ours is shown, be it by the framework at the level DEBUG.
 */
@LoggingFilter(name = "printable")
public final class PrintableLog implements Filter {
    private static final Formatter MESSAGE = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord record) {
        ExtLogRecord changed = ExtLogRecord.wrap(record);
        String message = MESSAGE.format(changed);
        String shown = Printable.line(message);
        if (!shown.equals(message)) {
            changed.setMessage(shown, ExtLogRecord.FormatStyle.NO_FORMAT);
        }
        if (record.getThrown() != null) {
            changed.setThrown(Shown.of(record.getThrown(), 0));
        }
        return true;
    }

    /** What is shown of an exception whose text, or whose cause's, is not fit to print. */
    private static final class Shown extends Throwable {
        private static final long serialVersionUID = 1;
        private static final int DEEPEST = 20;

        private Shown(Throwable original, int depth) {
            super(Printable.line(original.toString()), cause(original, depth), false, true);
            setStackTrace(original.getStackTrace());
        }

        static Throwable of(Throwable original, int depth) {
            return isFit(original, depth) ? original : new Shown(original, depth);
        }

        private static boolean isFit(Throwable original, int depth) {
            Throwable cause = original.getCause();
            return original.toString().equals(Printable.line(original.toString()))
                    && original.getSuppressed().length == 0
                    && depth < DEEPEST
                    && (cause == null || isFit(cause, depth + 1));
        }

        private static @Nullable Throwable cause(Throwable original, int depth) {
            return original.getCause() == null || depth >= DEEPEST ? null : of(original.getCause(), depth + 1);
        }
    }
}
