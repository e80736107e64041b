package dev.agentreaper.removal;

import dev.agentreaper.decision.KeepReason;
import java.util.List;

/** How a removal ended. */
public sealed interface Outcome {

    /** Azure DevOps confirmed it. */
    record Removed(int agentId) implements Outcome {}

    /** There was no such agent any more. */
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

    /** All that {@link #label} may be. */
    List<String> LABELS = List.of("removed", "already_gone", "kept", "dry_run", "gave_up", "failed");

    /** Its name in metrics and in JSON. */
    default String label() {
        return switch (this) {
            case Removed removed -> "removed";
            case AlreadyGone alreadyGone -> "already_gone";
            case Kept kept -> "kept";
            case DryRun dryRun -> "dry_run";
            case GaveUp gaveUp -> "gave_up";
            case Failed failed -> "failed";
        };
    }
}
