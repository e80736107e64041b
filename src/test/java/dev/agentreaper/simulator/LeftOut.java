package dev.agentreaper.simulator;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** Leaves tests out where something that they need is absent, or fails them if the system property nothing.may.skip is true. */
public final class LeftOut {
    private LeftOut() {}

    /** @param why what is absent */
    public static ConditionEvaluationResult unless(boolean present, String why) {
        if (present) {
            return ConditionEvaluationResult.enabled("all that it needs is there");
        }
        if (Boolean.getBoolean("nothing.may.skip")) {
            throw new IllegalStateException(why);
        }
        return ConditionEvaluationResult.disabled(why);
    }
}
