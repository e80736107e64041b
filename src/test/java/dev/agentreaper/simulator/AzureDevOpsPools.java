package dev.agentreaper.simulator;

import dev.agentreaper.simulator.AzureDevOpsPool.Removal;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The pools of the organization, and who is told when an agent leaves one. */
final class AzureDevOpsPools {
    private final List<AzureDevOpsPool> pools = new CopyOnWriteArrayList<>();
    private final List<Consumer<Removal>> listeners = new CopyOnWriteArrayList<>();
    private final InstantSource clock;

    AzureDevOpsPools(InstantSource clock) {
        this.clock = clock;
    }

    List<AzureDevOpsPool> all() {
        return List.copyOf(pools);
    }

    Optional<AzureDevOpsPool> byId(int id) {
        return pools.stream().filter(pool -> pool.id() == id).findFirst();
    }

    /** The pool of that type, and of that name in any case, created if need be. */
    synchronized AzureDevOpsPool named(String name, String poolType) {
        return pools.stream()
                .filter(pool ->
                        pool.name().equalsIgnoreCase(name) && pool.poolType().equals(poolType))
                .findFirst()
                .orElseGet(() -> create(name, poolType));
    }

    void onRemoval(Consumer<Removal> listener) {
        listeners.add(listener);
    }

    private AzureDevOpsPool create(String name, String poolType) {
        AzureDevOpsPool pool = new AzureDevOpsPool(
                pools.size() + 1,
                name,
                poolType,
                clock,
                removal -> listeners.forEach(listener -> listener.accept(removal)));
        pools.add(pool);
        return pool;
    }
}
