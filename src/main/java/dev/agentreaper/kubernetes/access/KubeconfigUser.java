package dev.agentreaper.kubernetes.access;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a user of a kubeconfig signs in; what we do not do is refused. */
record KubeconfigUser(KubeconfigEntry user) {

    /**
     * @param cluster for a plug-in that wants to know it
     * @param environment ours, which a plug-in inherits
     * @throws IllegalArgumentException with what is wrong, for the operator
     */
    ClusterSignIn signIn(KubeconfigEntry cluster, Map<String, String> environment) {
        KubeconfigEntry provider = user.entry("auth-provider");
        if (provider != null) {
            throw new IllegalArgumentException("%s signs in with the auth-provider %s, which is not supported; %s"
                    .formatted(user.name(), provider.text("name"), insteadOf(String.valueOf(provider.text("name")))));
        }
        for (String field : List.of("as", "as-uid", "as-groups", "as-user-extra")) {
            if (user.fields().get(field) != null) {
                throw new IllegalArgumentException(
                        "%s impersonates another by «%s», which is not supported; name a user who may read pods itself"
                                .formatted(user.name(), field));
            }
        }
        KubeconfigEntry exec = user.entry("exec");
        if (exec != null) {
            return ExecPlugin.of(exec, cluster, environment);
        }
        ClientCertificate certificate = certificate();
        Identity.Authorization authorization = authorization();
        return () -> new Identity(authorization, certificate, null);
    }

    private static String insteadOf(String provider) {
        return switch (provider) {
            case "gcp" -> "make it anew with gke-gcloud-auth-plugin: gcloud container clusters get-credentials CLUSTER";
            case "azure" -> "make it anew with kubelogin: az aks get-credentials, then kubelogin convert-kubeconfig";
            default -> "use an exec plug-in such as kubectl-oidc_login, or the token of a service account";
        };
    }

    private @Nullable ClientCertificate certificate() {
        DataOrFile chain = user.dataOrFile("client-certificate");
        DataOrFile key = user.dataOrFile("client-key");
        if ((chain == null) != (key == null)) {
            throw new IllegalArgumentException("%s has a %s without a %s"
                    .formatted(
                            user.name(),
                            chain == null ? "client-key" : "client-certificate",
                            chain == null ? "client-certificate" : "client-key"));
        }
        return chain == null || key == null ? null : new ClientCertificate(chain, key);
    }

    /** The file before the token itself, as {@code kubectl} has it. */
    private Identity.@Nullable Authorization authorization() {
        DataOrFile file = user.file("tokenFile");
        if (file != null) {
            return Identity.bearer(file);
        }
        String token = user.text("token");
        if (token != null) {
            return Identity.bearer(new DataOrFile.Data("token of " + user.name(), token));
        }
        String name = user.text("username");
        String password = user.text("password");
        return name == null || password == null ? null : Identity.basic(name, password);
    }
}
