package dev.agentreaper.kubernetes.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;

/** Reads PEM certificates. */
final class Certificates {
    private Certificates() {}

    /** @throws IOException if there is none, or it is broken; for the operator */
    static List<Certificate> read(DataOrFile chain) throws IOException {
        String pem = chain.read();
        try {
            List<Certificate> certificates = List.copyOf(CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8))));
            if (certificates.isEmpty()) {
                throw new CertificateException("it is empty");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IOException(
                    "%s is no PEM certificate, a block that begins with -----BEGIN CERTIFICATE----- (%s)"
                            .formatted(chain.name(), e.getMessage()),
                    e);
        }
    }
}
