package dev.agentreaper.config;

import dev.agentreaper.health.Fault;
import dev.agentreaper.log.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds in the file what the framework, which reads it as names and values, would pass over without a word. */
public final class FileShape {
    private FileShape() {}

    /** @return what is wrong with it, each fault with the key and an example */
    public static List<Fault> faults(Map<?, ?> file) {
        Object reaper = file.get("reaper");
        return reaper == null ? List.of() : ofReaper(reaper);
    }

    private static List<Fault> ofReaper(Object reaper) {
        if (!(reaper instanceof Map<?, ?> keys)) {
            return List.of(noKeys("reaper", Key.MODE.yaml(), Key.MODE));
        }
        Object pools = keys.get("pools");
        return pools == null ? List.of() : ofPools(pools);
    }

    private static List<Fault> ofPools(Object pools) {
        if (!(pools instanceof Map<?, ?> byName)) {
            return List.of(noKeys("reaper.pools", nameOf("my-pool"), Key.POOL));
        }
        List<Fault> faults = new ArrayList<>();
        byName.forEach((name, settings) -> {
            String pool = Printable.of(String.valueOf(name));
            if (settings != null && !(settings instanceof Map)) {
                faults.add(noKeys("reaper.pools." + pool, nameOf(pool), Key.POOL));
            } else if (!hasValue(settings)) {
                faults.add(new Fault(
                        "reaper.pools.%s has no setting of its own, and would not be looked at".formatted(pool),
                        example(nameOf(pool), Key.POOL)));
            }
        });
        return faults;
    }

    private static String nameOf(String pool) {
        return new Names(Set.of()).ofPool(pool, Key.POOL);
    }

    private static boolean hasValue(@Nullable Object settings) {
        return settings instanceof Map<?, ?> map
                ? map.values().stream().anyMatch(FileShape::hasValue)
                : settings != null;
    }

    private static Fault noKeys(String name, String key, Key example) {
        return new Fault(name + ": it has a value where keys belong", example(key, example));
    }

    private static Fault.Remedy example(String name, Key key) {
        return new Fault.Remedy.Example(name + ": " + key.example());
    }
}
