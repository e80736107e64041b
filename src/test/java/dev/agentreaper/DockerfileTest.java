package dev.agentreaper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** What can be said of the image without building it. */
class DockerfileTest {
    private final List<Instruction> instructions = read(Path.of("Dockerfile.native"));
    private final Map<String, String> arguments = instructions.stream()
            .filter(one -> one.name().equals("ARG"))
            .map(one -> one.value().split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair.length == 2 ? pair[1] : ""));

    private record Instruction(String name, String value) {}

    @Test
    void everyStageStartsFromAnArgumentThatNamesRegistryAndVersion() {
        assertThat(all("FROM")).hasSize(3).allSatisfy(from -> {
            assertThat(from).matches("\\$\\{\\w+}( AS \\w+)?");
            String argument = from.substring(2, from.indexOf('}'));
            assertThat(arguments.get(argument))
                    .as(argument)
                    .matches("[a-z]+\\.[a-z]+(/[a-z0-9-]+)+:\\d+\\.\\d+[A-Za-z0-9.-]*");
        });
    }

    @Test
    void theExecutableIsBuiltByTheImageThatMavenUsesToo() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(reader);
        }

        assertThat(arguments.get("MANDREL_IMAGE")).isEqualTo(properties.getProperty("quarkus.native.builder-image"));
    }

    @Test
    void noInstructionNeedsBuildKit() {
        assertThat(all("RUN")).noneMatch(run -> run.startsWith("--") || run.startsWith("<<"));
        assertThat(all("COPY")).noneMatch(copy -> copy.matches(".*--(chmod|link|parents|exclude)\\b.*"));
    }

    @Test
    void allThatIsCopiedIsSentToTheBuilder() throws IOException {
        List<String> sent = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();

        assertThat(all("COPY"))
                .filteredOn(copy -> !copy.startsWith("--from"))
                .isNotEmpty()
                .allMatch(copy -> sent.stream().anyMatch(copy::startsWith));
    }

    @Test
    void theProgramRunsAsANumberedUserOtherThanRoot() {
        assertThat(all("USER").getLast()).matches("[1-9]\\d*:[1-9]\\d*");
    }

    @Test
    void theProgramIsStartedWithoutAShellAndIsRootsOwn() {
        assertThat(all("ENTRYPOINT")).containsExactly("[\"/app/agent-reaper\"]");
        assertThat(all("WORKDIR").getLast()).isEqualTo("/app");
        assertThat(all("COPY").getLast()).isEqualTo("--from=executable /build/agent-reaper ./");
    }

    @Test
    void theImagesVersionIsTheProgramsOwn() throws Exception {
        Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");

        assertThat(arguments.get("VERSION"))
                .isEqualTo(XPathFactory.newInstance().newXPath().evaluate("/project/version", pom));
    }

    private List<String> all(String name) {
        return instructions.stream()
                .filter(one -> one.name().equals(name))
                .map(Instruction::value)
                .toList();
    }

    private static List<Instruction> read(Path dockerfile) {
        try {
            String joined = Files.readString(dockerfile).replaceAll("\\\\\n *", "");
            return Arrays.stream(joined.split("\n"))
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" ", 2))
                    .map(pair -> new Instruction(pair[0], pair[1]))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
