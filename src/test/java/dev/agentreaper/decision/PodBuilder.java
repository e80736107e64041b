package dev.agentreaper.decision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A pod for a test: live, not yet started, and of the agent that has its name, but for what the test says of it. */
public final class PodBuilder {
    private final String name;
    private String uid = "uid-1";
    private PodAgent agent;
    private boolean ended;
    private boolean placeholder;
    private @Nullable Instant started;
    private @Nullable Instant endsBy;

    private PodBuilder(String name) {
        this.name = name;
        this.agent = new PodAgent.Named(new AgentName(name));
    }

    public static PodBuilder pod(String name) {
        return new PodBuilder(name);
    }

    public PodBuilder uid(String value) {
        uid = value;
        return this;
    }

    public PodBuilder agent(String value) {
        return agent(new PodAgent.Named(new AgentName(value)));
    }

    public PodBuilder agent(PodAgent value) {
        agent = value;
        return this;
    }

    public PodBuilder ended() {
        ended = true;
        return this;
    }

    PodBuilder placeholder() {
        placeholder = true;
        return this;
    }

    PodBuilder started(Instant value) {
        started = value;
        return this;
    }

    public PodBuilder endsBy(Instant value) {
        endsBy = value;
        return this;
    }

    public Pod build() {
        return new Pod(
                new PodKey("agents", name), uid, agent, DeclaredPool.UNKNOWN, ended, placeholder, started, endsBy);
    }
}
