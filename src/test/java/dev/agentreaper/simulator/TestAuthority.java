package dev.agentreaper.simulator;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Random;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Issues certificates, and is trusted by nobody who was not told to. */
public final class TestAuthority {
    private static final int EC_BITS = 256;
    private static final char[] NO_PASSWORD = {};

    private final String name = "CN=test authority " + UUID.randomUUID();
    private final KeyPair key = keyPair("EC", EC_BITS);
    private final X509Certificate certificate;

    private TestAuthority() {
        try {
            X509v3CertificateBuilder builder = builder(name, key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            certificate = signed(builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestAuthority create() {
        return new TestAuthority();
    }

    /** Its own certificate, as PEM. */
    public String certificate() {
        return pem(certificate);
    }

    /** For a server of these names and addresses. */
    public Issued server(String... names) {
        return issue("CN=" + names[0], keyPair("EC", EC_BITS), KeyPurposeId.id_kp_serverAuth, names);
    }

    /** For a user of Kubernetes, who is in one group. */
    public Issued client(String user, String group, String algorithm) {
        KeyPair pair = algorithm.equals("RSA") ? keyPair("RSA", 2048) : keyPair("EC", EC_BITS);
        return issue("O=%s,CN=%s".formatted(group, user), pair, KeyPurposeId.id_kp_clientAuth);
    }

    /** A certificate that was issued, and its key. */
    public record Issued(X509Certificate certificate, KeyPair key) {
        /** The certificate as PEM. */
        public String chain() {
            return pem(certificate);
        }

        /** The key as PEM in PKCS#8. */
        public String pkcs8() {
            try {
                return pem(new JcaPKCS8Generator(key.getPrivate(), null));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The key as PEM in PKCS#1 or, with the name of its curve as openssl has it, SEC1. */
        public String traditional() {
            if (key.getPrivate() instanceof ECPrivateKey ec) {
                var sec1 =
                        new org.bouncycastle.asn1.sec.ECPrivateKey(EC_BITS, ec.getS(), X9ObjectIdentifiers.prime256v1);
                try {
                    return pem(new PemObject("EC PRIVATE KEY", sec1.getEncoded()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return pem(key.getPrivate());
        }

        /** With which a server shows it. */
        public SSLContext context() {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("server", key.getPrivate(), NO_PASSWORD, new Certificate[] {certificate});
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store, NO_PASSWORD);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(factory.getKeyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Issued issue(String subject, KeyPair pair, KeyPurposeId purpose, String... names) {
        try {
            X509v3CertificateBuilder builder = builder(subject, pair);
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (names.length > 0) {
                GeneralName[] alternatives =
                        Arrays.stream(names).map(TestAuthority::alternative).toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
            }
            return new Issued(signed(builder), pair);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private X509v3CertificateBuilder builder(String subject, KeyPair pair) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                new X500Name(name),
                new BigInteger(64, new Random()).add(BigInteger.ONE),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofHours(24))),
                new X500Name(subject),
                pair.getPublic());
    }

    private X509Certificate signed(X509v3CertificateBuilder builder) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralName alternative(String name) {
        try {
            return new GeneralName(
                    GeneralName.iPAddress, InetAddress.ofLiteral(name).getHostAddress());
        } catch (IllegalArgumentException noAddress) {
            return new GeneralName(GeneralName.dNSName, name);
        }
    }

    private static KeyPair keyPair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
