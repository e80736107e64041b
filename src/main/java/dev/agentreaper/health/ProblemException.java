package dev.agentreaper.health;

import java.io.IOException;

/** Something outside did not do what it was asked for; its message is for the operator, cure included. */
public class ProblemException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    public ProblemException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
