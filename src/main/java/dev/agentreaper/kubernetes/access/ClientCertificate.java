package dev.agentreaper.kubernetes.access;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A certificate, with those of its issuers, and its private key, both as PEM. The key is PKCS#8 or, as {@code openssl} and
 * minikube write it, PKCS#1 (RSA) or SEC1 (EC).
 */
record ClientCertificate(DataOrFile chain, DataOrFile key) {
    private static final String BEGIN = "-----BEGIN ";
    private static final char[] NO_PASSWORD = {};

    /** @throws IOException with what is wrong, for the operator */
    KeyManager[] keyManagers() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "client",
                    privateKey(),
                    NO_PASSWORD,
                    Certificates.read(chain).toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "%s and %s can't be used (%s)".formatted(chain.name(), key.name(), e.getMessage()), e);
        }
    }

    private PrivateKey privateKey() throws IOException {
        String pem = key.read();
        int end = pem.indexOf("PRIVATE KEY-----");
        if (end < 0) {
            throw new IOException(key.name() + " has no private key: a block of PEM that begins with -----BEGIN "
                    + "PRIVATE KEY----- or the like");
        }
        if (pem.contains("ENCRYPTED")) {
            throw new IOException(key.name() + " is encrypted; give it without a passphrase");
        }
        // An EC key of openssl's has the block of its parameters before it.
        String block = pem.substring(Math.max(0, pem.lastIndexOf(BEGIN, end)));
        try (PEMParser parser = new PEMParser(new StringReader(block))) {
            Object parsed = parser.readObject();
            return new JcaPEMKeyConverter()
                    .getPrivateKey(
                            parsed instanceof PEMKeyPair pair
                                    ? pair.getPrivateKeyInfo()
                                    : PrivateKeyInfo.getInstance(parsed));
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "%s is no private key that we can read (%s)".formatted(key.name(), e.getMessage()), e);
        }
    }
}
