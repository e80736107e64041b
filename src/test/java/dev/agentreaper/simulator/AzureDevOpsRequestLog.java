package dev.agentreaper.simulator;

import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the simulator was asked and answered, and how much at once. */
final class AzureDevOpsRequestLog {
    private final Map<Long, ReceivedRequest> requests = new LinkedHashMap<>();
    private long lastNumber;
    private int atOnce;
    private int mostAtOnce;

    /** Notes a request that is being served, and numbers it. */
    synchronized long arrived(ReceivedRequest request) {
        requests.put(++lastNumber, request);
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        return lastNumber;
    }

    /** Notes the status, or 0 if there is no answer. */
    synchronized void finished(long number, int status) {
        atOnce--;
        requests.computeIfPresent(number, (same, request) -> request.answered(status));
    }

    synchronized List<ReceivedRequest> requests() {
        return List.copyOf(requests.values());
    }

    synchronized List<ReceivedRequest> take() {
        List<ReceivedRequest> taken = requests();
        requests.clear();
        return taken;
    }

    synchronized int mostAtOnce() {
        return mostAtOnce;
    }

    synchronized void clear() {
        requests.clear();
        mostAtOnce = atOnce;
    }
}
