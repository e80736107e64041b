package dev.agentreaper.health;

import org.jspecify.annotations.Nullable;

/** A value is wrong, and it is known how to mend that. */
public final class FaultException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient Fault fault;

    public FaultException(String what, Fault.Remedy remedy) {
        this(new Fault(what, remedy), null);
    }

    public FaultException(Fault fault, @Nullable Throwable cause) {
        super(fault.toString(), cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    /** What an exception says is wrong, and where it says so how to mend it. */
    public static Fault fault(Exception refusal) {
        return refusal instanceof FaultException told
                ? told.fault
                : new Fault(String.valueOf(refusal.getMessage()), null);
    }
}
