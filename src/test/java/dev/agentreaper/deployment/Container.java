package dev.agentreaper.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the program sees in a container: a read-only root with nothing in it but libraries and what is mounted, the user 65532
 * without any capability, and /app as the working directory. Its network is this machine's. Only root on Linux can make one.
 */
final class Container implements AutoCloseable {
    private static final String ENTER = """
            mount --bind "$root" "$root"
            for path in $from_this_machine; do mount --rbind "$path" "$root$path"; done
            mount -o remount,bind,ro "$root"
            exec chroot "$root" /bin/sh -c 'cd /app && exec setpriv --reuid=65532 --regid=65532 --clear-groups \\
                --bounding-set=-all --inh-caps=-all --no-new-privs "$@"' sh "$@"
            """;

    private final Path root;

    Container() {
        try {
            root = Files.createTempDirectory("container-");
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectories(root.resolve("app/config"));
            Files.createDirectories(root.resolve("run"));
            Files.createDirectories(root.resolve("var"));
            Files.createSymbolicLink(root.resolve("var/run"), Path.of("../run"));
            for (Path path : fromThisMachine()) {
                Files.createDirectories(inside(path));
            }
            for (String name : List.of("bin", "lib", "lib64")) {
                Path link = Path.of("/", name);
                if (Files.isSymbolicLink(link)) {
                    Files.createSymbolicLink(inside(link), Files.readSymbolicLink(link));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a path of the container is on this machine. */
    Path inside(Path path) {
        return root.resolve(Path.of("/").relativize(path));
    }

    /** What to put before the program's command to have it run inside. */
    List<String> enter() {
        String binds =
                String.join(" ", fromThisMachine().stream().map(Path::toString).toList());
        return List.of(
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "root=" + root + " from_this_machine='" + binds + "'\n" + ENTER,
                "sh");
    }

    /** Deletes it. What was mounted must be gone: the places for it are deleted first, and only if they are empty. */
    @Override
    public void close() {
        try {
            for (Path path : fromThisMachine().reversed()) {
                Files.delete(inside(path));
            }
            try (Stream<Path> paths = Files.walk(root)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Libraries, devices, and the program at the place that it has on this machine. */
    private static List<Path> fromThisMachine() {
        List<Path> paths =
                new ArrayList<>(List.of(Path.of("/usr"), Path.of("/etc"), Path.of("/proc"), Path.of("/dev")));
        Stream.of("/bin", "/lib", "/lib64")
                .map(Path::of)
                .filter(path -> Files.isDirectory(path) && !Files.isSymbolicLink(path))
                .forEach(paths::add);
        paths.add(Path.of("target").toAbsolutePath());
        paths.add(Path.of(System.getProperty("java.home")));
        Optional.ofNullable(System.getenv("GRAALVM_HOME")).map(Path::of).ifPresent(paths::add);
        Optional.ofNullable(System.getProperty("agent.reaper.executable"))
                .map(executable -> Path.of(executable).toAbsolutePath().getParent())
                .ifPresent(paths::add);
        return paths.stream()
                .filter(path -> !path.startsWith("/usr") || path.getNameCount() == 1)
                .distinct()
                .toList();
    }
}
