package dev.agentreaper.log;

import java.util.function.UnaryOperator;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** How lines of the log are formatted on the console, where the framework's settings do not reach. */
public final class LogFormat {
    private LogFormat() {}

    /** Puts another formatter in the place of each. */
    public static void change(UnaryOperator<Formatter> change) {
        change(Logger.getLogger("").getHandlers(), change);
    }

    private static void change(Handler[] handlers, UnaryOperator<Formatter> change) {
        for (Handler handler : handlers) {
            switch (handler) {
                case ConsoleHandler console -> console.setFormatter(change.apply(console.getFormatter()));
                case ExtHandler outer -> change(outer.getHandlers(), change);
                default -> {}
            }
        }
    }
}
