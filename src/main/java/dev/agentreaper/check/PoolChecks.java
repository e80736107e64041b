package dev.agentreaper.check;

import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.azure.Clocks;
import dev.agentreaper.azure.Listing;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.health.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether Azure DevOps lets us do what we need: sign in, find the pool, list its agents, and remove them. */
final class PoolChecks {
    private final InstantSource clock;
    private final Consumer<Check> results;

    PoolChecks(InstantSource clock, Consumer<Check> results) {
        this.clock = clock;
        this.results = results;
    }

    /**
     * What is there.
     *
     * @param name the pool's own, whatever was given for it
     * @param others the names of other pools that its agents may be in
     */
    record Found(List<Agent> agents, String name, List<String> others) {}

    /** @return null if the pool's agents can't be listed */
    @Nullable
    Found run(PoolSettings settings, AgentPool pool) throws InterruptedException {
        Listing listing;
        try {
            listing = pool.list();
        } catch (AzureDevOpsException e) {
            Problem problem = e.problem();
            List<String> pools = e.kind() == Kind.NOT_FOUND ? manageable(pool) : List.of();
            results.accept(
                    pools.isEmpty()
                            ? Check.failed("azure-devops", settings.name(), problem)
                            : new Check("azure-devops", settings.name(), problem.what(), Advice.pool(pools)));
            return null;
        }
        long online = listing.agents().stream().filter(Agent::online).count();
        results.accept(Check.passed(
                "azure-devops",
                settings.name(),
                "%s takes our sign-in, and the pool «%s»%s has %s, %d of them online"
                        .formatted(
                                settings.url(),
                                settings.pool(),
                                pool.name().equalsIgnoreCase(settings.pool())
                                        ? ""
                                        : ", which is «%s»,".formatted(pool.name()),
                                Wording.count(listing.agents().size(), "agent"),
                                online)));
        compareClocks(settings, listing.date());
        List<String> manageable = lookForRole(settings, pool);
        return new Found(
                listing.agents(),
                pool.name(),
                manageable.stream()
                        .filter(name -> !name.equalsIgnoreCase(pool.name()))
                        .filter(Advice::isFitToCopy)
                        .toList());
    }

    /** None where Azure DevOps does not say. */
    private static List<String> manageable(AgentPool pool) throws InterruptedException {
        try {
            return pool.manageable().stream().filter(Advice::isFitToCopy).toList();
        } catch (AzureDevOpsException e) {
            return List.of();
        }
    }

    private void compareClocks(PoolSettings settings, @Nullable Instant theirs) {
        Clocks clocks = new Clocks(clock.instant(), theirs);
        if (clocks.agree()) {
            results.accept(Check.passed("clock", settings.name(), "our clock and Azure DevOps' agree"));
        } else if (theirs == null) {
            results.accept(Check.passed("clock", settings.name(), clocks.toString()));
        } else {
            results.accept(new Check(
                    "clock",
                    settings.name(),
                    clocks.toString(),
                    "set the clock of this machine (of a pod: of its node), as by: sudo timedatectl set-ntp true. Until then sweeps go"
                            + " by the earlier of the two."));
        }
    }

    /**
     * What a token's scope allows besides shows only when it removes an agent.
     *
     * @return the pools that we may manage; none where Azure DevOps does not say
     */
    private List<String> lookForRole(PoolSettings settings, AgentPool pool) throws InterruptedException {
        try {
            List<String> manageable = pool.manageable();
            if (manageable.stream().anyMatch(pool.name()::equalsIgnoreCase)) {
                results.accept(Check.passed("role", settings.name(), "whoever signs in may manage the pool"));
            } else {
                results.accept(new Check(
                        "role",
                        settings.name(),
                        "whoever signs in may read the pool «%s», and not remove agents from it"
                                .formatted(settings.pool()),
                        ("at %s/_settings/agentpools open the pool «%s», then Security, Add, and give whoever signs in the role"
                                        + " Administrator (the token's owner, or the Entra identity); a token needs the scope"
                                        + " «Agent Pools (read, manage)» besides.")
                                .formatted(settings.url(), pool.name())));
            }
            return manageable;
        } catch (AzureDevOpsException e) {
            results.accept(Check.passed(
                    "role",
                    settings.name(),
                    "Azure DevOps does not say whether we may manage the pool: "
                            + e.problem().what()));
            return List.of();
        }
    }
}
