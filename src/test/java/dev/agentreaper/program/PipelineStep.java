package dev.agentreaper.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A {@code bash} step of an Azure pipeline that a page of the documentation has, run as the pipeline's agent would. */
final class PipelineStep {
    private static final Pattern YAML = Pattern.compile("^```yaml\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern MACRO = Pattern.compile("\\$\\(([\\w.-]+)\\)");

    private final String script;
    private final Map<String, String> mapped;

    private PipelineStep(String script, Map<String, String> mapped) {
        this.script = script;
        this.mapped = mapped;
    }

    /** The one step of the page whose script has this in it. */
    static PipelineStep of(Path page, String part) {
        List<PipelineStep> found = new ArrayList<>();
        YAML.matcher(text(page)).results().forEach(yaml -> {
            Map<?, ?> pipeline = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml.group(1));
            if (pipeline.get("steps") instanceof List<?> steps) {
                for (Object step : steps) {
                    if (step instanceof Map<?, ?> map
                            && map.get("bash") instanceof String script
                            && script.contains(part)) {
                        found.add(new PipelineStep(script, texts(map.get("env"))));
                    }
                }
            }
        });
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " steps of " + page + " have " + part);
        }
        return found.getFirst();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> texts(@Nullable Object env) {
        Map<String, String> texts = new HashMap<>();
        if (env instanceof Map<?, ?> map) {
            map.forEach((name, value) -> texts.put(name.toString(), value.toString()));
        }
        return texts;
    }

    /** The step without that line under its {@code env}. */
    PipelineStep withoutEnv(String name) {
        Map<String, String> others = new HashMap<>(mapped);
        others.remove(name);
        return new PipelineStep(script, others);
    }

    /**
     * Runs it.
     *
     * @param variables those of the pipeline, by which macros are replaced
     * @param environment what the step finds in its environment besides what it maps itself
     */
    Ended run(Path directory, Map<String, String> variables, Map<String, String> environment) {
        Path log = directory.resolve("step.log");
        try {
            Path file = Files.writeString(directory.resolve("step.sh"), expanded(script, variables));
            ProcessBuilder builder = new ProcessBuilder("bash", "--noprofile", "--norc", file.toString())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            mapped.forEach((name, value) -> builder.environment().put(name, expanded(value, variables)));
            Process process = builder.start();
            if (!process.waitFor(OneShotScene.WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the step has not ended: " + text(log));
            }
            return new Ended(process.exitValue(), text(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The agent leaves a macro of which it knows no variable as it is. */
    private static String expanded(String text, Map<String, String> variables) {
        return MACRO.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(variables.getOrDefault(found.group(1), found.group())));
    }

    /** What came of it: its log is all that it wrote, to whichever stream. */
    record Ended(int exitCode, String log) {}
}
