package dev.agentreaper.removal;

import dev.agentreaper.decision.KeepReason;
import java.util.Locale;

/** How a removal ended. */
public sealed interface Outcome extends AttemptResult {

    /** Azure DevOps confirmed it. */
    record Removed(int agentId) implements Outcome {}

    /** There was no such agent any more; or there are several whose names differ by case, and none is spelt as the pod has it. */
    record AlreadyGone() implements Outcome {}

    /** Looked at again, it was to be kept. */
    record Kept(KeepReason reason) implements Outcome {}

    /** It would have been removed. */
    record DryRun(int agentId) implements Outcome {}

    /** It could not be removed for as long as it was tried; a sweep will see to it. */
    record GaveUp(String why) implements Outcome {}

    /**
     * A sweep could not remove it; the next will try again.
     *
     * @param refused Azure DevOps said that it does not delete this one, so that certainly nothing was deleted
     */
    record Failed(String why, boolean refused) implements Outcome {}

    /** Whether it is certain that nothing was deleted, nor would have been. */
    default boolean deletedNothing() {
        return switch (this) {
            case AlreadyGone alreadyGone -> true;
            case Kept kept -> true;
            case Failed failed -> failed.refused();
            case Removed removed -> false;
            case DryRun dryRun -> false;
            case GaveUp gaveUp -> false;
        };
    }

    /** Whether an operator wants to hear of it: not that all was as it should be already. */
    default boolean isNews() {
        return !(this instanceof AlreadyGone)
                && !(this instanceof Kept(KeepReason reason) && reason == KeepReason.POD_ALIVE);
    }

    /** What they are told apart by where they are counted. */
    enum Kind {
        REMOVED,
        ALREADY_GONE,
        KEPT,
        DRY_RUN,
        GAVE_UP,
        FAILED;

        /** Its name in the log, in metrics and in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    default Kind kind() {
        return switch (this) {
            case Removed removed -> Kind.REMOVED;
            case AlreadyGone alreadyGone -> Kind.ALREADY_GONE;
            case Kept kept -> Kind.KEPT;
            case DryRun dryRun -> Kind.DRY_RUN;
            case GaveUp gaveUp -> Kind.GAVE_UP;
            case Failed failed -> Kind.FAILED;
        };
    }
}
