package dev.agentreaper;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final String US = "dev.agentreaper";
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(US);

    /** Each package, after those that it may know, and these. */
    private static final List<Room> ROOMS = List.of(
            new Room("decision", ""),
            new Room("log", ""),
            new Room("health", "log"),
            new Room("network", "health log"),
            new Room("azure.signin", "network health log"),
            new Room("azure", "azure.signin decision network health log"),
            new Room("kubernetes.access", "network health log"),
            new Room("kubernetes", "kubernetes.access decision network health log"),
            new Room("removal", "azure kubernetes decision health network log"),
            new Room("config", "azure.signin kubernetes decision network health log"),
            new Room("watch", "removal kubernetes decision health network"),
            new Room("sweep", "removal azure kubernetes decision health log"),
            new Room("status", "sweep removal azure decision health log"),
            new Room("check", "config azure kubernetes decision health log"),
            new Room(
                    "command",
                    "check status config watch sweep removal azure azure.signin kubernetes kubernetes.access decision"
                            + " network health log"),
            new Room("nativeimage", ""));

    record Room(String name, Set<String> knows) {
        Room(String name, String knows) {
            this(name, knows.isEmpty() ? Set.of() : Set.of(knows.split(" ")));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Room> rooms() {
        return ROOMS;
    }

    @Test
    void theDecisionDependsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(US + ".decision..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(US + ".decision..", "java..", "org.jspecify..")
                .check(PRODUCT);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aPackageKnowsOnlyThoseThatItMay(Room room) {
        classes()
                .that()
                .resideInAPackage(packageOf(room.name()))
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(US + ".."))
                        .or(resideInAnyPackage(Stream.concat(Stream.of(room.name()), room.knows().stream())
                                .map(ArchitectureTest::packageOf)
                                .toArray(String[]::new))))
                .check(PRODUCT);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aPackageMayKnowNoneThatItDoesNotNeed(Room room) {
        Set<String> known = PRODUCT.stream()
                .filter(type -> type.getPackageName().equals(packageOf(room.name())))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getPackageName())
                .collect(toSet());

        assertThat(known)
                .containsAll(
                        room.knows().stream().map(ArchitectureTest::packageOf).toList());
    }

    @Test
    void everyPackageHasItsPlaceAmongThem() {
        classes()
                .should()
                .resideInAnyPackage(
                        ROOMS.stream().map(room -> packageOf(room.name())).toArray(String[]::new))
                .orShould()
                .haveFullyQualifiedName(US + ".package-info")
                .check(PRODUCT);
    }

    @Test
    void thereIsNoCycleOfPackagesAsEachStandsAfterThoseThatItMayKnow() {
        Set<String> before = new HashSet<>();
        for (Room room : ROOMS) {
            assertThat(before).as("before %s", room).containsAll(room.knows());
            before.add(room.name());
        }
    }

    private static String packageOf(String room) {
        return US + "." + room;
    }

    @Test
    void timeComesFromAnInstantSource() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(PRODUCT);
    }

    @Test
    void onlyCommandsWriteToTheStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackage(US + ".command..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(target(name("printStackTrace")).and(target(owner(assignableTo(Throwable.class)))))
                .check(PRODUCT);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        noFields()
                .should()
                .beAnnotatedWith(Inject.class)
                .orShould()
                .beAnnotatedWith(ConfigProperty.class)
                .check(PRODUCT);
    }
}
