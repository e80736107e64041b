package dev.agentreaper.config;

import dev.agentreaper.health.Fault;
import dev.agentreaper.log.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds in the file what the framework, which reads it as names and values, would pass over without a word. */
public final class FileShape {
    /** Ours, the framework's, and those of its profiles. */
    private static final Pattern READ = Pattern.compile("(reaper|quarkus)(\\..*)?|%.*");

    private FileShape() {}

    /** @return what is wrong with it, each fault with the key and an example */
    public static List<Fault> faults(Map<?, ?> file) {
        List<Fault> faults = new ArrayList<>();
        for (Object key : file.keySet()) {
            if (!READ.matcher(String.valueOf(key)).matches()) {
                faults.add(new Fault(
                        "%s is no key that is read".formatted(Printable.of(String.valueOf(key))),
                        new Fault.Remedy.Action("put what is meant for us below reaper, and leave out the rest.")));
            }
        }
        Object reaper = file.get("reaper");
        if (reaper != null) {
            faults.addAll(ofReaper(reaper));
        }
        return faults;
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
            int before = faults.size();
            if (settings instanceof Map<?, ?> map) {
                addValuesWithKeys(pool, "", map, faults);
            } else if (settings != null) {
                faults.add(noKeys("reaper.pools." + pool, nameOf(pool), Key.POOL));
            }
            if (faults.size() == before && !hasValue(settings)) {
                faults.add(new Fault(
                        "reaper.pools.%s has no setting of its own, and would not be looked at".formatted(pool),
                        example(nameOf(pool), Key.POOL)));
            }
        });
        return faults;
    }

    /** As a template is that is not in quotes: YAML takes what is in braces for keys. */
    private static void addValuesWithKeys(String pool, String above, Map<?, ?> settings, List<Fault> faults) {
        settings.forEach((name, value) -> {
            if (!(value instanceof Map<?, ?> keys)) {
                return;
            }
            String path = above + name;
            Arrays.stream(Key.values())
                    .filter(key -> key.isOfPools() && key.yaml().equals(path))
                    .findFirst()
                    .ifPresentOrElse(
                            key -> faults.add(new Fault(
                                    "reaper.pools.%s.%s: it has keys where a value belongs".formatted(pool, path),
                                    new Fault.Remedy.Action("put the value in quotes, as in %s: '%s'."
                                            .formatted(path, key.example())))),
                            () -> addValuesWithKeys(pool, path + ".", keys, faults));
        });
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
