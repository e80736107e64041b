package dev.agentreaper.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The README's section on installing, whose commands are run as they stand there, beside a copy of the manifests. Only the
 * organization's address is put in; and where the server is older than the CronJob of batch/v1, kubectl asks for its own.
 */
final class InstallSection {
    private static final String HEADING = "\n## Install it in the cluster\n";

    private final Path directory;
    private final List<String> steps;
    private final Map<String, String> environment;

    InstallSection(Path directory, Installation installation) throws IOException {
        this.directory = directory;
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf(HEADING) + HEADING.length();
        steps = Stream.of(
                        readme.substring(begin, readme.indexOf("\n## ", begin)).split("(?m)^(?=\\d\\. )"))
                .map(step -> step.replace(
                        "https://dev.azure.com/my-org", installation.azure.url().toString()))
                .toList();
        try (Stream<Path> manifests = Files.walk(Path.of("kubernetes"))) {
            for (Path manifest : manifests.toList()) {
                Files.copy(manifest, directory.resolve(manifest));
            }
        }
        Path kubectl = Files.createDirectory(directory.resolve("bin")).resolve("kubectl");
        Files.writeString(kubectl, """
                #!/bin/sh
                PATH=${PATH#*:}
                case "$1 $2" in
                "apply -k") kubectl kustomize "$3" | sed 's#^apiVersion: batch/v1$#apiVersion: %s#' | kubectl apply -f - ;;
                *) kubectl "$@" ;;
                esac
                """.formatted(installation.cluster.cronJobVersion()));
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwxr-xr-x"));
        environment = Map.of(
                "PATH", kubectl.getParent() + ":" + System.getenv("PATH"),
                "KUBECONFIG", installation.cluster.kubeconfig().toString(),
                "AZP_TOKEN", installation.azure.token());
    }

    /** Runs the commands of a step, of which the first is 1. */
    void follow(int step) throws IOException {
        String commands = Pattern.compile("(?ms)^   ```\n(.*?)^   ```$")
                .matcher(steps.get(step))
                .results()
                .map(MatchResult::group)
                .map(block -> block.replaceAll("(?m)^   (```)?", ""))
                .reduce("", String::concat);
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (commands.isBlank() || process.waitFor() != 0) {
                throw new IllegalStateException("step %d: %s%n%s".formatted(step, commands, output));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
