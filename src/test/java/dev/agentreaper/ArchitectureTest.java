package dev.agentreaper;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
    private static final String US = "dev.agentreaper";
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(US);

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
    @CsvSource({
        "decision, ''",
        "log, ''",
        "health, log",
        "network, health log",
        "azure.signin, network health log",
        "azure, azure.signin decision network health log",
        "kubernetes.access, network health log",
        "kubernetes, kubernetes.access decision network health log",
        "config, removal azure azure.signin kubernetes decision network health log",
        "removal, azure kubernetes decision health network log",
        "watch, removal azure kubernetes decision health network log",
        "sweep, removal azure kubernetes decision health log",
        "status, sweep removal azure decision health log",
        "check, config azure azure.signin kubernetes kubernetes.access decision network health log",
        "command, check status config watch sweep removal azure azure.signin kubernetes kubernetes.access decision network"
                + " health log",
        "nativeimage, ''",
    })
    void aPackageKnowsOnlyThoseBelowIt(String name, String below) {
        String[] known = Arrays.stream((name + " " + below).split(" "))
                .map(one -> US + "." + one)
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(US + "." + name)
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(US + "..")).or(resideInAnyPackage(known)))
                .check(PRODUCT);
    }

    @Test
    void everyPackageHasItsPlaceAmongThem() {
        classes()
                .should()
                .resideInAnyPackage(
                        Arrays.stream(("decision log health network azure azure.signin kubernetes kubernetes.access"
                                                + " config removal watch sweep status check command nativeimage")
                                        .split(" "))
                                .map(name -> US + "." + name)
                                .toArray(String[]::new))
                .orShould()
                .haveFullyQualifiedName(US + ".package-info")
                .check(PRODUCT);
    }

    @Test
    void thereIsNoCycleOfPackages() {
        slices().matching(US + ".(**)").should().beFreeOfCycles().check(PRODUCT);
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
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
                PRODUCT.that(not(resideInAPackage(US + ".command.."))));
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
