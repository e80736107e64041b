package dev.agentreaper.health;

import java.util.logging.Handler;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.JsonFormatter;

/** The framework's JSON, and in it the {@link Facts} of the line, which it has no place for but texts in its {@code mdc}. */
public final class JsonLog extends ExtFormatter {
    private final JsonFormatter framework;

    private JsonLog(JsonFormatter framework) {
        this.framework = framework;
    }

    /** Has all that writes the log as JSON write facts too. */
    public static void addFacts() {
        addFacts(Logger.getLogger("").getHandlers());
    }

    private static void addFacts(Handler[] handlers) {
        for (Handler handler : handlers) {
            if (handler.getFormatter() instanceof JsonFormatter json) {
                handler.setFormatter(new JsonLog(json));
            }
            if (handler instanceof ExtHandler outer) {
                addFacts(outer.getHandlers());
            }
        }
    }

    @Override
    public String format(ExtLogRecord record) {
        String line = framework.format(record);
        Object[] parameters = record.getParameters();
        if (parameters != null) {
            for (Object parameter : parameters) {
                if (parameter instanceof Facts facts) {
                    int end = line.lastIndexOf('}');
                    return line.substring(0, end) + "," + facts.members() + line.substring(end);
                }
            }
        }
        return line;
    }

    @Override
    public boolean isCallerCalculationRequired() {
        return framework.isCallerCalculationRequired();
    }
}
