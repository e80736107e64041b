package dev.agentreaper.program;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The table of faults in {@code docs/faults.md} names tests that are there, and no test of a fault is left out. */
class FaultTableTest {
    private static final Path TESTS = Path.of("src/test/java");
    private static final Path OF_THE_PROGRAM = TESTS.resolve("dev/agentreaper/program");
    private static final Pattern ROW = Pattern.compile("^\\|(?! fault \\|| --- )(.*)\\|$");
    private static final Pattern NAMED = Pattern.compile("`(\\w+#\\w+)`");

    @Test
    void eachTestThatTheTableNamesIsThere() throws IOException {
        Set<String> there = tests(javaFilesBelow(TESTS));

        assertThat(named(Files.readString(Path.of("docs/faults.md"))))
                .isNotEmpty()
                .isSubsetOf(there);
    }

    @Test
    void eachRowNamesATest() throws IOException {
        assertThat(Files.readAllLines(Path.of("docs/faults.md")))
                .filteredOn(line -> ROW.matcher(line).matches())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(named(line)).isNotEmpty());
    }

    @Test
    void eachTestOfAFaultStandsInTheTable() throws IOException {
        List<Path> faults = javaFilesBelow(OF_THE_PROGRAM).stream()
                .filter(file -> file.toString().endsWith("FaultsIT.java"))
                .toList();

        assertThat(named(Files.readString(Path.of("docs/faults.md")))).containsAll(tests(faults));
    }

    private static Set<String> named(String text) {
        return NAMED.matcher(text).results().map(found -> found.group(1)).collect(toCollection(TreeSet::new));
    }

    private static List<Path> javaFilesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().matches(".*(IT|Test)\\.java"))
                    .toList();
        }
    }

    /** All tests of these classes, inherited ones too, as {@code Class#method}. */
    private static Set<String> tests(List<Path> files) {
        List<String> tests = new ArrayList<>();
        for (Path file : files) {
            Class<?> owner = load(file);
            for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
                Stream.of(type.getDeclaredMethods())
                        .filter(FaultTableTest::isTest)
                        .forEach(method -> tests.add(owner.getSimpleName() + "#" + method.getName()));
            }
        }
        return new TreeSet<>(tests);
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    private static Class<?> load(Path file) {
        String name =
                TESTS.relativize(file).toString().replaceFirst("\\.java$", "").replace('/', '.');
        try {
            return Class.forName(name, false, FaultTableTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
