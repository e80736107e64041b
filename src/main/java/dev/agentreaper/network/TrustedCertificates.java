package dev.agentreaper.network;

import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import dev.agentreaper.log.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates by which Azure DevOps and Microsoft Entra are known. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * The system's and those of the file.
     *
     * @param pem one certificate or several
     * @throws FaultException if the file has none, for the operator
     */
    public static KeyStore systemAnd(Path pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            TrustManagerFactory system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            system.init((@Nullable KeyStore) null);
            for (TrustManager manager : system.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    for (X509Certificate certificate : x509.getAcceptedIssuers()) {
                        store.setCertificateEntry("system-" + number++, certificate);
                    }
                }
            }
            Collection<? extends Certificate> given = read(pem);
            for (Certificate certificate : given) {
                store.setCertificateEntry("given-" + number++, certificate);
            }
            if (given.isEmpty()) {
                throw new IOException("it has no certificate");
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new FaultException(new Fault("it is no file of PEM certificates", cureOf(pem)), e);
        }
    }

    /** What to do where the file has no certificate. */
    public static Fault.Remedy cureOf(Path pem) {
        return new Fault.Remedy.Action(
                "write the certificate of the authority as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----,"
                        + " to %s, or set REAPER_CA_FILE (in the file, reaper.ca-file) to the path where it is. For example:"
                                .formatted(Printable.of(pem.toString()))
                        + " REAPER_CA_FILE=/etc/ssl/company-ca.pem");
    }

    private static Collection<? extends Certificate> read(Path pem) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }
}
