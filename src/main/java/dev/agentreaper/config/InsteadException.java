package dev.agentreaper.config;

/** A value is wrong, and it shows which one is right. */
final class InsteadException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String right;

    /** @param what is wrong with it, for the operator */
    InsteadException(String what, String right) {
        super(what);
        this.right = right;
    }

    /** What is to be written in its place. */
    String right() {
        return right;
    }
}
