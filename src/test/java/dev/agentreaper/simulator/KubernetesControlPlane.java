package dev.agentreaper.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a small cluster, etcd and kube-apiserver and perhaps kube-controller-manager, with all that they
 * keep in one temporary directory. The flags suit Kubernetes 1.20 and every newer version that setup-envtest brings.
 */
final class KubernetesControlPlane {
    /** Who asks for the server by this name is shown another certificate, and it alone has this name. */
    static final String SERVER_NAME = "api.cluster.test";

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int MOST_RESTARTS = 5;

    private final Path assets;
    private final Path directory;
    private final Path serviceAccountKey;
    private final Path tokens;
    private final TestAuthority authority = TestAuthority.create();
    private final int etcdPort = Ports.free();
    private final int apiPort = Ports.free();
    private final String token = UUID.randomUUID().toString();
    private KubernetesProcess etcd;
    private KubernetesProcess apiServer;
    private @Nullable KubernetesProcess controllers;

    KubernetesControlPlane(Path assets) {
        this.assets = assets;
        try {
            directory = Files.createTempDirectory("kube-apiserver-");
            serviceAccountKey = Files.writeString(directory.resolve("service-account.pem"), newPrivateKey());
            tokens = Files.writeString(directory.resolve("tokens.csv"), token + ",admin,admin,\"system:masters\"\n");
            Files.writeString(directory.resolve("authority.crt"), authority.certificate());
            write("server", authority.server("127.0.0.1", "::1", "localhost"));
            write("named", authority.server(SERVER_NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        etcd = startEtcd();
        apiServer = startApiServer();
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + apiPort);
    }

    /** The address of etcd's JSON gateway. */
    URI etcdUrl() {
        return URI.create("http://127.0.0.1:" + etcdPort);
    }

    String token() {
        return token;
    }

    Path directory() {
        return directory;
    }

    /** Whose certificates the server shows, and takes from users. */
    TestAuthority authority() {
        return authority;
    }

    void awaitReady(KubernetesApiClient client) {
        await(() -> client.get("/readyz").status() == 200);
    }

    void pauseApiServer() {
        apiServer.pause();
    }

    void resumeApiServer() {
        apiServer.resume();
    }

    void killApiServer() {
        apiServer.kill();
    }

    void restartApiServer() {
        apiServer.kill();
        apiServer = startApiServer();
    }

    /** Copies etcd's files while it holds still; they are what a crash would leave, which etcd can start from. */
    Path copyData() {
        Path copy = directory.resolve("snapshot-" + UUID.randomUUID());
        etcd.pause();
        try {
            Directories.copy(data(), copy);
        } finally {
            etcd.resume();
        }
        return copy;
    }

    void restoreData(Path copy) {
        apiServer.kill();
        etcd.kill();
        Directories.delete(data());
        Directories.copy(copy, data());
        etcd = startEtcd();
        apiServer = startApiServer();
    }

    void startControllers(Path kubeconfig) {
        Path binary = assets.resolve("kube-controller-manager");
        List<String> flags = new ArrayList<>(List.of(
                "--kubeconfig=" + kubeconfig,
                "--service-account-private-key-file=" + serviceAccountKey,
                "--leader-elect=false",
                "--secure-port=0",
                // These three need real nodes: without them they would delete the pods under test.
                "--controllers=*,-nodelifecycle,-nodeipam,-podgc"));
        if (helpOf(binary).contains("--port int")) {
            flags.add("--port=0");
        }
        controllers = start("kube-controller-manager", flags);
    }

    /** Kills what runs, and deletes the directory. */
    void close() {
        kill();
        Directories.delete(directory);
    }

    private void kill() {
        if (controllers != null) {
            controllers.kill();
        }
        apiServer.kill();
        etcd.kill();
    }

    private Path data() {
        return directory.resolve("etcd");
    }

    private KubernetesProcess startEtcd() {
        return start(
                "etcd",
                List.of(
                        "--data-dir=" + data(),
                        "--listen-client-urls=" + etcdUrl(),
                        "--advertise-client-urls=" + etcdUrl(),
                        "--listen-peer-urls=http://127.0.0.1:0",
                        "--unsafe-no-fsync"));
    }

    private void write(String name, TestAuthority.Issued issued) throws IOException {
        Files.writeString(directory.resolve(name + ".crt"), issued.chain());
        Files.writeString(directory.resolve(name + ".key"), issued.pkcs8());
    }

    private KubernetesProcess startApiServer() {
        return start(
                "kube-apiserver",
                List.of(
                        "--etcd-servers=" + etcdUrl(),
                        "--bind-address=127.0.0.1",
                        "--advertise-address=127.0.0.1",
                        "--secure-port=" + apiPort,
                        "--cert-dir=" + directory.resolve("certificates"),
                        "--tls-cert-file=" + directory.resolve("server.crt"),
                        "--tls-private-key-file=" + directory.resolve("server.key"),
                        "--tls-sni-cert-key=%s,%s:%s"
                                .formatted(directory.resolve("named.crt"), directory.resolve("named.key"), SERVER_NAME),
                        "--client-ca-file=" + directory.resolve("authority.crt"),
                        "--token-auth-file=" + tokens,
                        "--authorization-mode=RBAC",
                        // Pods need no service account then, which only a controller would create.
                        "--disable-admission-plugins=ServiceAccount",
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-account-signing-key-file=" + serviceAccountKey,
                        "--service-account-key-file=" + serviceAccountKey,
                        "--service-cluster-ip-range=10.0.0.0/24",
                        "--endpoint-reconciler-type=none"));
    }

    private KubernetesProcess start(String program, List<String> flags) {
        return KubernetesProcess.start(assets.resolve(program), directory.resolve(program + ".log"), flags);
    }

    /**
     * Waits until something holds, and meanwhile starts again what has ended, as a kubelet would. If it never does, everything
     * is killed and the logs are kept.
     */
    void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int restarts = 0;
        while (!holds(condition)) {
            if (restarts > MOST_RESTARTS || System.nanoTime() > deadline) {
                kill();
                throw new IllegalStateException("The API server is not ready; the logs in %s end with\n%s\n%s"
                        .formatted(directory, endOf("etcd"), endOf("kube-apiserver")));
            }
            if (!etcd.isAlive()) {
                restarts++;
                etcd.kill();
                etcd = startEtcd();
            }
            if (!apiServer.isAlive()) {
                restarts++;
                apiServer.kill();
                apiServer = startApiServer();
            }
            pauseBriefly();
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** The last lines of its log. */
    private String endOf(String program) {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(program + ".log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return program + " has no log: " + e;
        }
    }

    private static void pauseBriefly() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static String helpOf(Path binary) {
        try (var output = new ProcessBuilder(binary.toString(), "--help")
                .redirectErrorStream(true)
                .start()
                .inputReader()) {
            return output.readAllAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String newPrivateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
