package dev.agentreaper.nativeimage;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.kubernetes.client.util.authenticators.GCPAuthenticator;
import java.util.Map;

/**
 * Replaces the one method of the Kubernetes client that needs Google's credentials library, which is optional and not
 * here, while the image is linked at build time.
 */
@TargetClass(GCPAuthenticator.class)
final class WithoutGoogleCredentials {
    private WithoutGoogleCredentials() {}

    @Substitute
    @SuppressWarnings("DoNotCallSuggester")
    public Map<String, Object> refresh(Map<String, Object> config) {
        throw new UnsupportedOperationException(
                "the gcp auth provider is not supported; use the exec plug-in gke-gcloud-auth-plugin or a token");
    }
}
