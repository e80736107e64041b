package dev.agentreaper.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What comes with the image and says what it consists of: a bill of materials (CycloneDX), and licences. */
@DisabledIfSystemProperty(
        named = "agent.reaper.executable",
        matches = ".+",
        disabledReason = "the same jars make the executable and the JVM's program")
class NoticesIT {
    private static final Path TARGET = Path.of("target");
    private static final Path NOTICES = TARGET.resolve("notices");

    @Test
    void theBillOfMaterialsHasEveryJarThatTheProgramRunsOn() throws IOException {
        List<String> listed = components()
                .map(component -> "%s.%s-%s.jar"
                        .formatted(
                                component.path("group").asText(),
                                component.path("name").asText(),
                                component.path("version").asText()))
                .toList();

        try (Stream<Path> jars = Files.list(TARGET.resolve("quarkus-app/lib/main"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .isNotEmpty()
                    .allSatisfy(jar -> assertThat(listed).contains(jar));
        }
    }

    @Test
    void theBillOfMaterialsNamesALicenceOfEachComponent() throws IOException {
        assertThat(components())
                .isNotEmpty()
                .allSatisfy(component -> assertThat(component.path("licenses")).isNotEmpty());
    }

    @Test
    void whatJarsSayOfTheirLicencesIsThere() {
        assertThat(NOTICES.resolve("licences"))
                .isDirectoryRecursivelyContaining("glob:**/jackson-core-*/META-INF/LICENSE*")
                .isDirectoryRecursivelyContaining("glob:**/NOTICE*");
    }

    private static Stream<JsonNode> components() throws IOException {
        JsonNode bill = new ObjectMapper()
                .readTree(NOTICES.resolve("agent-reaper.cdx.json").toFile());
        return StreamSupport.stream(bill.path("components").spliterator(), false);
    }
}
