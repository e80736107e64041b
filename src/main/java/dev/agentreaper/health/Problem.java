package dev.agentreaper.health;

import dev.agentreaper.log.Printable;

/**
 * Something that does not work, told to an operator.
 *
 * @param kind what tells this problem from another of the same connection; the same for each time that it occurs
 * @param what what happened; is made fit to print
 * @param cure what to do about it
 */
public record Problem(String kind, String what, String cure) {
    public Problem {
        what = Printable.line(what);
        cure = Printable.line(cure);
    }

    @Override
    public String toString() {
        return what + " What to do: " + cure;
    }
}
