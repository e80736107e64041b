package dev.agentreaper.health;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with the configuration, told to an operator.
 *
 * @param what what is wrong, without a full stop
 * @param remedy how to mend it; null where what is wrong says so
 */
public record Fault(String what, @Nullable Remedy remedy) {

    /** How to mend it. */
    public sealed interface Remedy {
        /** An assignment that would be right, with a value of the operator's own. */
        record Example(String assignment) implements Remedy {}

        /** An assignment that is right as it is. */
        record Instead(String assignment) implements Remedy {}

        /** The name that is probably meant, where there is none of the given one. */
        record Rename(String name) implements Remedy {}

        /** Something to do, as a sentence. */
        record Action(String toDo) implements Remedy {}
    }

    /** One line. */
    @Override
    public String toString() {
        return what
                + switch (remedy) {
                    case null -> "";
                    case Remedy.Example(String assignment) -> ". For example: " + assignment;
                    case Remedy.Instead(String assignment) -> ". Instead: " + assignment;
                    case Remedy.Rename(String name) -> ", did you mean %s?".formatted(name);
                    case Remedy.Action(String toDo) -> ". What to do: " + toDo;
                };
    }

    /** What to do about it, as a sentence. */
    public String cure() {
        return switch (remedy) {
            case null -> "mend it, and check again.";
            case Remedy.Example(String assignment) ->
                "set %s (an example: yours goes in its place).".formatted(assignment);
            case Remedy.Instead(String assignment) -> "set %s instead.".formatted(assignment);
            case Remedy.Rename(String name) -> "name it %s, or leave it out.".formatted(name);
            case Remedy.Action(String toDo) -> toDo;
        };
    }
}
