package dev.agentreaper.command;

/** How a command ends. */
final class ExitCode {
    /** Done; agents that are kept are no failure. */
    static final int DONE = 0;

    /** Something could not be read or removed. */
    static final int FAILED = 1;

    /** The usage or the configuration is wrong. */
    static final int USAGE = 2;

    private ExitCode() {}
}
