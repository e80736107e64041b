package dev.agentreaper.simulator;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Marks tests that need a program of the machine: without it they are skipped, or fail where nothing may be. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Needs.Condition.class)
public @interface Needs {
    Tool[] value();

    /** What may be absent, and how a shell sees whether it is there. */
    enum Tool {
        CHROMIUM(
                "command -v chromium && command -v chromedriver",
                "chromium and chromedriver (in Debian, of chromium-driver) are not on the PATH"),
        CONTAINERS("unshare --mount true", "only root on Linux can start a program as a container"),
        /** The oldest is the one that the kustomization is written for. */
        KUBECTL(
                "kubectl version --client --output=json | grep -E '\"minor\": \"(2[7-9]|[3-9][0-9])'",
                "kubectl 1.27 or newer is not on the PATH"),
        PROMTOOL("promtool --version", "promtool (of Prometheus) is not on the PATH"),
        PSEUDO_TERMINAL(
                "script -qec true /dev/null", "script (of util-linux; in Debian, of bsdutils) is not on the PATH");

        private final String condition;
        private final String absent;

        Tool(String condition, String absent) {
            this.condition = condition;
            this.absent = absent;
        }

        boolean isThere() {
            try {
                return new ProcessBuilder("sh", "-c", condition)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Looks for each of them. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), Needs.class).stream()
                    .flatMap(needs -> Arrays.stream(needs.value()))
                    .filter(tool -> !tool.isThere())
                    .findFirst()
                    .map(tool -> LeftOut.unless(false, tool.absent))
                    .orElseGet(() -> LeftOut.unless(true, ""));
        }
    }
}
