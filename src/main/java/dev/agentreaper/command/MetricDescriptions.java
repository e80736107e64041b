package dev.agentreaper.command;

import static java.util.Map.entry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** What each metric says, for whoever finds it in Prometheus. */
final class MetricDescriptions {
    private static final Map<String, String> BY_NAME = Map.ofEntries(
            entry("agent_reaper_info", "The version and the mode (delete or dry-run) that runs."),
            entry(
                    "agent_reaper_ready",
                    "Whether the cluster and each pool can be worked with, as the readiness probe says."),
            entry("agent_reaper_removals", "Agents that were to be removed, by what told of them and how that ended."),
            entry(
                    "agent_reaper_reaction",
                    "From the event that told of a pod's end to Azure DevOps' word that its agent is removed."),
            entry("agent_reaper_pending_removals", "Agents whose pods are gone and that are still to be removed."),
            entry("agent_reaper_agents", "Agents of the pool when it was last swept, by what Azure DevOps calls them."),
            entry("agent_reaper_kept", "Agents that the last sweep kept, by the reason."),
            entry(
                    "agent_reaper_last_sweep_timestamp_seconds",
                    "When the pool was last swept completely; until then, the start."),
            entry("agent_reaper_watch_restarts", "Times that pods were listed anew, by what ended the watch."),
            entry("agent_reaper_azure_devops_requests", "Calls of Azure DevOps, by the status of the answer."),
            entry(
                    "agent_reaper_azure_devops_throttled_seconds",
                    "Time that calls waited because Azure DevOps asked for it."),
            entry(
                    "agent_reaper_azure_devops_rate_limit_remaining",
                    "What Azure DevOps said was left of the rate limit."));

    private MetricDescriptions() {}

    @Produces
    @Singleton
    static MeterFilter filter() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return new Meter.Id(
                        id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), BY_NAME.get(id.getName()), id.getType());
            }
        };
    }
}
