package dev.agentreaper.deployment;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.simulator.Needs;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ClusterRole;
import io.kubernetes.client.openapi.models.V1ClusterRoleBinding;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Needs(Needs.Tool.KUBECTL)
class ManifestsTest {
    /** By kind, the version and the model that the newest Kubernetes has for it. */
    private static final Map<String, Class<?>> MODELS = Map.of(
            "v1 Namespace", V1Namespace.class,
            "v1 ServiceAccount", V1ServiceAccount.class,
            "v1 ConfigMap", V1ConfigMap.class,
            "apps/v1 Deployment", V1Deployment.class,
            "batch/v1 CronJob", V1CronJob.class,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
            "rbac.authorization.k8s.io/v1 ClusterRole", V1ClusterRole.class,
            "rbac.authorization.k8s.io/v1 ClusterRoleBinding", V1ClusterRoleBinding.class,
            "rbac.authorization.k8s.io/v1 Role", V1Role.class,
            "rbac.authorization.k8s.io/v1 RoleBinding", V1RoleBinding.class);

    private static final Map<Overlay, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();

    static Stream<Arguments> rules() {
        return Stream.of(Overlay.values())
                .flatMap(overlay -> Stream.of(RestrictedPodSecurity.values()).map(rule -> Arguments.of(overlay, rule)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void itsPodsAreRestricted(Overlay overlay, RestrictedPodSecurity rule) {
        assertThat(podSpecs(overlay)).hasSize(2).allMatch(rule::isKept);
    }

    @ParameterizedTest
    @EnumSource
    void kubernetesKnowsEveryField(Overlay overlay) {
        for (JsonNode object : rendered(overlay)) {
            String kind = object.path("apiVersion").asText() + " " + kind(object);
            if (!kind.startsWith("monitoring.coreos.com/v1 ")) {
                assertThat(MODELS).containsKey(kind);
                Object read = JSON.deserialize(object.toString(), MODELS.get(kind));
                assertThat(read).as(kind).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void itMayReadPodsAndNothingElse(Overlay overlay) {
        List<JsonNode> rules = rendered(overlay).stream()
                .filter(object -> kind(object).endsWith("Role"))
                .flatMap(role -> role.path("rules").valueStream())
                .toList();

        assertThat(rules).singleElement().satisfies(rule -> {
            assertThat(texts(rule.path("apiGroups"))).containsExactly("");
            assertThat(texts(rule.path("resources"))).containsExactly("pods");
            assertThat(texts(rule.path("verbs"))).containsExactlyInAnyOrder("get", "list", "watch");
        });
        assertThat(rendered(overlay))
                .filteredOn(object -> kind(object).endsWith("RoleBinding"))
                .flatExtracting(
                        binding -> binding.path("subjects").valueStream().toList())
                .singleElement()
                .satisfies(subject ->
                        assertThat(subject.path("namespace").asText()).isEqualTo(overlay.namespace()));
    }

    @ParameterizedTest
    @EnumSource
    void allIsInItsNamespaceAndWhatItNamesIsThere(Overlay overlay) {
        List<JsonNode> objects = rendered(overlay);
        Set<String> configMaps = names(objects, "ConfigMap");

        assertThat(objects)
                .filteredOn(object -> !Set.of("Namespace", "ClusterRole", "ClusterRoleBinding")
                        .contains(kind(object)))
                .extracting(object -> object.at("/metadata/namespace").asText())
                .containsOnly(overlay.namespace());
        for (JsonNode spec : podSpecs(overlay)) {
            assertThat(names(objects, "ServiceAccount"))
                    .contains(spec.path("serviceAccountName").asText());
            assertThat(spec.findValues("configMapRef"))
                    .isNotEmpty()
                    .allMatch(reference ->
                            configMaps.contains(reference.path("name").asText()));
            assertThat(spec.path("volumes").findValues("configMap"))
                    .allMatch(reference ->
                            configMaps.contains(reference.path("name").asText()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFirstApplyRemovesNothingAndBringsNoSecret(Overlay overlay) {
        assertThat(rendered(overlay)).noneMatch(object -> kind(object).equals("Secret"));
        assertThat(rendered(overlay))
                .filteredOn(object -> object.path("data").has("REAPER_MODE"))
                .singleElement()
                .satisfies(settings ->
                        assertThat(settings.at("/data/REAPER_MODE").asText()).isEqualTo("dry-run"));
    }

    @Test
    void aNamespaceThatIsTheAgentsOwnIsNotTouched() {
        assertThat(names(rendered(Overlay.ONE_NAMESPACE), "Namespace")).isEmpty();
        assertThat(names(rendered(Overlay.DEFAULT), "Namespace")).containsExactly("agent-reaper");
    }

    @Test
    void theDefaultIsWhatTheTopLevelApplies() {
        assertThat(Kubectl.kustomize(Path.of("kubernetes"))).isEqualTo(rendered(Overlay.DEFAULT));
    }

    @Test
    void theDashboardComesWhereGrafanasSidecarFindsIt() throws IOException {
        List<JsonNode> dashboards = rendered(Overlay.MONITORING).stream()
                .filter(object ->
                        object.at("/metadata/labels/grafana_dashboard").asText().equals("1"))
                .toList();

        assertThat(names(dashboards, "ConfigMap")).containsExactly("agent-reaper-dashboard");
        assertThat(dashboards.getFirst().at("/data/agent-reaper.json").asText())
                .isEqualTo(Files.readString(Dashboard.FILE));
    }

    @ParameterizedTest
    @EnumSource
    void thePodsOfTheCronJobAreNotTheDeployments(Overlay overlay) {
        JsonNode selector = only(rendered(overlay), "Deployment").at("/spec/selector/matchLabels");
        JsonNode labels = only(rendered(overlay), "CronJob").at("/spec/jobTemplate/spec/template/metadata/labels");

        assertThat(selector.propertyStream().allMatch(label -> label.getValue().equals(labels.path(label.getKey()))))
                .isFalse();
    }

    @Test
    void aStopHasTheTimeThatTheSettingsGiveIt() throws IOException {
        Matcher timeout = new Matcher("(?m)^#REAPER_SHUTDOWN_TIMEOUT=(\\d+)s$", settings());

        assertThat(Duration.ofSeconds(only(rendered(Overlay.DEFAULT), "Deployment")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt()))
                .as("besides, Quarkus lets what still runs go on for ten seconds before it is interrupted")
                .isGreaterThan(Duration.ofSeconds(Integer.parseInt(timeout.first()) + 10));
    }

    @Test
    void theImageIsThisVersions() throws IOException {
        String version =
                new Matcher("<artifactId>agent-reaper</artifactId>\\s*<version>(.*?)</version>", pom()).first();

        assertThat(podSpecs(Overlay.DEFAULT))
                .extracting(spec -> spec.at("/containers/0/image").asText())
                .containsOnly("agent-reaper:" + version);
    }

    @Test
    void theSettingsFileNamesEveryVariableOfTheReadme() throws IOException {
        Set<String> table = new Matcher(
                        "(?m)^\\| ((?:`[A-Z_]+`(?:, | or )?)+) \\|", Files.readString(Path.of("README.md")))
                .all().stream()
                        .flatMap(cell ->
                                new Matcher("`((?:AZP|AZURE|REAPER)_[A-Z_]+|(?:HTTPS|NO)_PROXY)`", cell).all().stream())
                        .collect(toSet());
        // These are a Secret's or a volume's.
        table.removeAll(Set.of("AZP_TOKEN", "AZP_TOKEN_FILE", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"));

        assertThat(new Matcher("(?m)^#?([A-Z_]+)=", settings()).all())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(table);
    }

    private static List<JsonNode> rendered(Overlay overlay) {
        return RENDERED.computeIfAbsent(overlay, Overlay::objects);
    }

    private static List<JsonNode> podSpecs(Overlay overlay) {
        return Stream.concat(
                        rendered(overlay).stream().map(object -> object.at("/spec/template/spec")),
                        rendered(overlay).stream().map(object -> object.at("/spec/jobTemplate/spec/template/spec")))
                .filter(spec -> !spec.isMissingNode())
                .toList();
    }

    private static JsonNode only(Collection<JsonNode> objects, String kind) {
        return objects.stream()
                .filter(object -> kind(object).equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> names(Collection<JsonNode> objects, String kind) {
        return objects.stream()
                .filter(object -> kind(object).equals(kind))
                .map(object -> object.at("/metadata/name").asText())
                .collect(toSet());
    }

    private static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private static String settings() throws IOException {
        return Files.readString(Path.of("kubernetes/base/agent-reaper.env"));
    }

    private static String pom() throws IOException {
        return Files.readString(Path.of("pom.xml"));
    }

    /** The first group of each match of an expression in a text. */
    private record Matcher(String expression, String text) {
        List<String> all() {
            return Pattern.compile(expression)
                    .matcher(text)
                    .results()
                    .map(result -> result.group(1))
                    .collect(Collectors.toList());
        }

        String first() {
            return all().getFirst();
        }
    }
}
