package dev.agentreaper.health;

/**
 * Something that does not work, told to an operator.
 *
 * @param kind what tells this problem from another of the same connection; the same for each time that it occurs
 * @param what what happened; holds nothing secret
 * @param cure what to do about it
 */
public record Problem(String kind, String what, String cure) {
    @Override
    public String toString() {
        return what + " What to do: " + cure;
    }
}
