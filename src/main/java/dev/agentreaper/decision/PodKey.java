package dev.agentreaper.decision;

/** Where a pod is found in its cluster. A pod that comes back under its name has the same key and another UID. */
public record PodKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
