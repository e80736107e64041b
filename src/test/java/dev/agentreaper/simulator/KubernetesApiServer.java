package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes API server with its own etcd, from the programs in the directory that the environment variable
 * KUBEBUILDER_ASSETS names ({@code setup-envtest use -p path} prints one).
 */
public final class KubernetesApiServer implements KubernetesCluster {
    /** A name by which the server may be asked for: then it shows a certificate that has this name, and no address. */
    public static final String SERVER_NAME = KubernetesControlPlane.SERVER_NAME;

    private final KubernetesControlPlane plane;
    private final KubernetesApiClient client;
    private final Path kubeconfig;

    private KubernetesApiServer(Path assets) {
        plane = new KubernetesControlPlane(assets);
        client = new KubernetesApiClient(this);
        kubeconfig = writeKubeconfig("admin", plane.token());
        plane.awaitReady(client);
    }

    /** The directory that KUBEBUILDER_ASSETS names; empty when it is not set. */
    public static Optional<Path> assets() {
        return Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS"))
                .filter(path -> !path.isBlank())
                .map(Path::of);
    }

    /** Starts a server of one's own, and returns when it is ready: some seconds. */
    public static KubernetesApiServer start() {
        return new KubernetesApiServer(
                assets().orElseThrow(() -> new IllegalStateException("KUBEBUILDER_ASSETS is not set")));
    }

    /** Adds kube-controller-manager, which deletes namespaces and runs jobs; setup-envtest does not bring it. */
    public void startControllers() {
        plane.startControllers(kubeconfig);
    }

    @Override
    public URI url() {
        return plane.url();
    }

    @Override
    public String token() {
        return plane.token();
    }

    @Override
    public Optional<String> certificateAuthority() {
        return Optional.of(plane.authority().certificate());
    }

    /** Who issues the certificates of the server and of its users. */
    public TestAuthority authority() {
        return plane.authority();
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    /**
     * A kubeconfig with a fresh token of a service account, which is created if need be and may do nothing with pods
     * until {@link #letReadPods} or RBAC objects of the test's own allow it.
     */
    public Path kubeconfigFor(String namespace, String serviceAccount) {
        String accounts = "/api/v1/namespaces/" + namespace + "/serviceaccounts";
        createIfAbsent(accounts, """
                {"metadata": {"name": "%s"}}""".formatted(serviceAccount));
        return writeKubeconfig(namespace + "-" + serviceAccount, serviceAccountToken(namespace, serviceAccount));
    }

    /** A fresh token of a service account, for an hour and for these audiences; for the server itself where none is named. */
    public String serviceAccountToken(String namespace, String serviceAccount, String... audiences) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ObjectNode spec = request.putObject("spec").put("expirationSeconds", 3600);
        List.of(audiences).forEach(spec.putArray("audiences")::add);
        return post(
                        "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + serviceAccount + "/token",
                        request.toString())
                .at("/status/token")
                .asText();
    }

    /** {@code batch/v1}, or what servers before 1.21 have in its place for a CronJob. */
    public String cronJobVersion() {
        return find("/apis/batch/v1/cronjobs").isPresent() ? "batch/v1" : "batch/v1beta1";
    }

    /** Lets a service account get, list and watch pods in one namespace; returns when that holds. */
    public void letReadPods(String namespace, String serviceAccount, String podNamespace) {
        String path = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + podNamespace + "/rolebindings";
        bindToPodReader(path, namespace, serviceAccount, podNamespace);
    }

    /** Lets a service account get, list and watch pods in all namespaces; returns when that holds. */
    public void letReadPodsEverywhere(String namespace, String serviceAccount) {
        bindToPodReader("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", namespace, serviceAccount, "");
    }

    /** Creates any object, as in {@code post("/api/v1/namespaces/team-a/secrets", json)}; returns the answer. */
    public JsonNode post(String path, String json) {
        return client.post(path, json).success();
    }

    /** By whom its tokens of service accounts are issued. */
    public String issuer() {
        return get("/.well-known/openid-configuration").path("issuer").asText();
    }

    /** By what key they are signed, with RS256. */
    public PublicKey issuerKey() {
        JsonNode key = get("/openid/v1/jwks").at("/keys/0");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(number(key.path("n")), number(key.path("e"))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigInteger number(JsonNode base64) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64.asText()));
    }

    /** Reads any object. */
    public JsonNode get(String path) {
        return client.get(path).success();
    }

    /** Reads any object; empty where there is none. */
    public Optional<JsonNode> find(String path) {
        var answer = client.get(path);
        return answer.status() == 404 ? Optional.empty() : Optional.of(answer.success());
    }

    /** Changes parts of any object. */
    public void mergePatch(String path, String json) {
        client.mergePatch(path, json).success();
    }

    @Override
    public void createNamespace(String namespace) {
        post("/api/v1/namespaces", """
                {"metadata": {"name": "%s"}}""".formatted(namespace));
    }

    /** Marks a namespace as terminating; the {@link #startControllers controllers} delete what is in it. */
    public void deleteNamespace(String namespace) {
        client.delete("/api/v1/namespaces/" + namespace).success();
    }

    @Override
    public void create(String namespace, String json) {
        post("/api/v1/namespaces/" + namespace + "/pods", json);
    }

    @Override
    public void patchStatus(String namespace, String name, String phase, @Nullable Instant startTime) {
        ObjectNode status = JsonNodeFactory.instance.objectNode().put("phase", phase);
        if (startTime != null) {
            status.put("startTime", startTime.toString());
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode().set("status", status);
        client.mergePatch(path(namespace, name) + "/status", patch.toString()).success();
    }

    @Override
    public void relabel(String namespace, String name, Map<String, @Nullable String> labels) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").set("labels", new ObjectMapper().valueToTree(labels));
        client.mergePatch(path(namespace, name), patch.toString()).success();
    }

    @Override
    public void delete(String namespace, String name) {
        deleteGracefully(namespace, name, Duration.ZERO);
    }

    @Override
    public void deleteGracefully(String namespace, String name, Duration grace) {
        client.delete(path(namespace, name) + "?gracePeriodSeconds=" + grace.toSeconds())
                .success();
    }

    @Override
    public void deleteWhileStopped(String namespace, String name) {
        etcd("/v3/kv/deleterange", """
                {"key": "%s"}""".formatted(base64("/registry/pods/" + namespace + "/" + name)));
    }

    @Override
    public Optional<JsonNode> pod(String namespace, String name) {
        return find(path(namespace, name));
    }

    @Override
    public void stop() {
        plane.killApiServer();
    }

    @Override
    public void startAgain() {
        plane.restartApiServer();
        plane.awaitReady(client);
    }

    /** Halts the server (SIGSTOP): connections stay open, new ones are even accepted, and nothing is answered. */
    public void pause() {
        plane.pauseApiServer();
    }

    /** Ends a {@link #pause}. */
    public void resume() {
        plane.resumeApiServer();
    }

    /** Restarts the server, too, since its watch cache would remember what etcd has forgotten. */
    @Override
    public void compact() {
        stop();
        try {
            String revision = etcd("/v3/kv/range", """
                    {"key": "%s", "count_only": true}""".formatted(base64("/")))
                    .at("/header/revision")
                    .asText();
            etcd("/v3/kv/compaction", """
                    {"revision": "%s", "physical": true}""".formatted(revision));
        } finally {
            startAgain();
        }
    }

    @Override
    public Snapshot snapshot() {
        Path copy = plane.copyData();
        return () -> {
            plane.restoreData(copy);
            plane.awaitReady(client);
        };
    }

    @Override
    public void close() {
        client.close();
        plane.close();
    }

    private Path writeKubeconfig(String name, String token) {
        return KubernetesKubeconfig.write(
                plane.directory().resolve(name + ".kubeconfig"), url(), token, certificateAuthority());
    }

    private void bindToPodReader(String path, String namespace, String serviceAccount, String podNamespace) {
        createIfAbsent("/apis/rbac.authorization.k8s.io/v1/clusterroles", """
                {"metadata": {"name": "pod-reader"},
                 "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]}""");
        createIfAbsent(path, """
                {"metadata": {"name": "pod-reader-%2$s-%1$s"},
                 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "pod-reader"},
                 "subjects": [{"kind": "ServiceAccount", "namespace": "%1$s", "name": "%2$s"}]}""".formatted(namespace, serviceAccount));
        String review = """
                {"spec": {"user": "system:serviceaccount:%s:%s",
                          "resourceAttributes": {"namespace": "%s", "resource": "pods", "verb": "watch"}}}""".formatted(namespace, serviceAccount, podNamespace);
        plane.await(() -> post("/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
                .at("/status/allowed")
                .asBoolean());
    }

    /** Creates any object unless it is there. */
    public void createIfAbsent(String path, String json) {
        var answer = client.post(path, json);
        if (answer.status() != 409) {
            answer.success();
        }
    }

    private JsonNode etcd(String path, String json) {
        try (var gateway = new KubernetesApiClient(plane.etcdUrl(), Optional.empty(), Optional.empty())) {
            return gateway.post(path, json).success();
        }
    }

    private static String path(String namespace, String name) {
        return "/api/v1/namespaces/" + namespace + "/pods/" + name;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
