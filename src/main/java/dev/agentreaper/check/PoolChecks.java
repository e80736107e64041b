package dev.agentreaper.check;

import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.Listing;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Agent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether Azure DevOps lets us do what we need: sign in, find the pool, list its agents, and remove them. */
final class PoolChecks {
    private static final Duration CLOCKS_AGREE_WITHIN = Duration.ofMinutes(5);

    private final InstantSource clock;
    private final Consumer<Check> results;

    PoolChecks(InstantSource clock, Consumer<Check> results) {
        this.clock = clock;
        this.results = results;
    }

    /** @return the pool's agents; null if they can't be listed */
    @Nullable
    Listing of(PoolSettings settings, AgentPool pool) throws InterruptedException {
        Listing listing;
        try {
            listing = pool.list();
        } catch (AzureDevOpsException e) {
            results.accept(Check.failed("azure-devops", settings.name(), e.problem()));
            return null;
        }
        long online = listing.agents().stream().filter(Agent::online).count();
        results.accept(Check.passed(
                "azure-devops",
                settings.name(),
                "%s takes our sign-in, and the pool «%s» has %d agents, %d of them online"
                        .formatted(
                                settings.url(),
                                settings.pool(),
                                listing.agents().size(),
                                online)));
        compareClocks(settings, listing.date());
        lookForRole(settings, pool);
        return listing;
    }

    private void compareClocks(PoolSettings settings, @Nullable Instant theirs) {
        Instant ours = clock.instant();
        if (theirs == null) {
            results.accept(Check.passed(
                    "clock", settings.name(), "the answers of Azure DevOps have no Date; ours is " + ours));
        } else if (Duration.between(ours, theirs).abs().compareTo(CLOCKS_AGREE_WITHIN) > 0) {
            results.accept(new Check(
                    "clock",
                    settings.name(),
                    "our clock says %s, and Azure DevOps' %s".formatted(ours, theirs),
                    "set the clock of this machine, as by NTP; until then sweeps go by the earlier of the two."));
        } else {
            results.accept(Check.passed("clock", settings.name(), "our clock and Azure DevOps' agree"));
        }
    }

    /** What a token's scope allows besides shows only when it removes an agent. */
    private void lookForRole(PoolSettings settings, AgentPool pool) throws InterruptedException {
        try {
            if (pool.isManageable()) {
                results.accept(Check.passed("role", settings.name(), "whoever signs in may manage the pool"));
            } else {
                results.accept(new Check(
                        "role",
                        settings.name(),
                        "whoever signs in may read the pool «%s», and not remove agents from it"
                                .formatted(settings.pool()),
                        ("at %s/_settings/agentpools open the pool «%s», then Security, and give whoever signs in the role"
                                        + " Administrator (the token's owner, or the Entra identity); a token needs the scope"
                                        + " «Agent Pools (read, manage)» besides.")
                                .formatted(settings.url(), settings.pool())));
            }
        } catch (AzureDevOpsException e) {
            results.accept(Check.passed(
                    "role",
                    settings.name(),
                    "Azure DevOps does not say whether we may manage the pool: "
                            + e.problem().what()));
        }
    }
}
