package dev.agentreaper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.config.SettingsReader.Purpose;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
    private final Configuration configuration = Configuration.required();

    @Test
    void whatIsNotSetHasItsDefault() throws ConfigurationException {
        Settings settings = configuration.read();

        assertThat(settings.mode()).isEqualTo(Mode.DELETE);
        assertThat(settings.shutdownTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.trusted()).isNull();
        assertThat(settings.pools()).singleElement().satisfies(pool -> {
            assertThat(pool.name()).isEqualTo("default");
            assertThat(pool.url()).isEqualTo(URI.create("https://dev.azure.com/my-org"));
            assertThat(pool.pool()).isEqualTo("linux");
            assertThat(pool.signIn()).isEqualTo(new PersonalAccessToken.Given("secret-token"));
            assertThat(pool.apiVersion()).isEqualTo("7.1");
            assertThat(pool.pods().namespaces()).containsExactly("");
            assertThat(pool.pods().selector()).isEqualTo("app=agent");
            assertThat(pool.pods().template()).isEqualTo(AgentNameTemplate.parse("{agent}"));
            assertThat(pool.retryFor()).isEqualTo(Duration.ofMinutes(15));
            assertThat(pool.sweepEvery()).isEqualTo(Duration.ofMinutes(5));
            assertThat(pool.policy().offlineFor()).isEqualTo(Duration.ofMinutes(10));
            assertThat(pool.policy().maxRemovals()).isEqualTo(200);
            assertThat(pool.policy().capabilities()).isEmpty();
            assertThat(pool.policy().protect()).hasToString(Policy.ALWAYS_PROTECTED.toString());
        });
        assertThat(configuration.warnings()).isEmpty();
    }

    @Test
    void whatIsSetIsTaken(@TempDir Path directory) throws Exception {
        Path certificates = Files.writeString(directory.resolve("ca.pem"), anyCertificate());
        Settings settings = configuration
                .set("REAPER_MODE", "dry-run")
                .set("REAPER_SHUTDOWN_TIMEOUT", "1m")
                .set("REAPER_CA_FILE", certificates.toString())
                .set("REAPER_LOG_FORMAT", "json")
                .set("AZP_URL", "https://server/tfs/Collection/")
                .set("AZP_POOL", "12")
                .set("AZP_TOKEN_FILE", "/run/token")
                .set("REAPER_NAMESPACES", "ci, cd,ci")
                .set("REAPER_POD_SELECTOR", "app in (a,b),!x")
                .set("REAPER_AGENT_NAME", "{pod}")
                .set("REAPER_PROTECT", "keep-*,vm-1")
                .set("REAPER_CAPABILITIES", "CLUSTER=prod-1, TEAM = a=b")
                .set("AZP_API_VERSION", "7.2-preview.1")
                .set("REAPER_RETRY_FOR", "0s")
                .set("REAPER_SWEEP_EVERY", "1h")
                .set("REAPER_SWEEP_AGENTS", "*")
                .set("REAPER_SWEEP_OFFLINE_FOR", "PT1H30M")
                .set("REAPER_SWEEP_MAX_REMOVALS", "0")
                .read();

        assertThat(settings.mode()).isEqualTo(Mode.DRY_RUN);
        assertThat(settings.shutdownTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.trusted()).isNotNull();
        PoolSettings pool = settings.pools().getFirst();
        assertThat(pool.url()).isEqualTo(URI.create("https://server/tfs/Collection"));
        assertThat(pool.pool()).isEqualTo("12");
        assertThat(pool.signIn()).isEqualTo(new PersonalAccessToken.InFile(Path.of("/run/token")));
        assertThat(pool.pods().namespaces()).containsExactly("ci", "cd");
        assertThat(pool.pods().selector()).isEqualTo("app in (a,b),!x");
        assertThat(pool.pods().template()).isEqualTo(AgentNameTemplate.parse("{pod}"));
        assertThat(pool.policy().capabilities()).isEqualTo(Map.of("CLUSTER", "prod-1", "TEAM", "a=b"));
        assertThat(pool.apiVersion()).isEqualTo("7.2-preview.1");
        assertThat(pool.retryFor()).isZero();
        assertThat(pool.sweepEvery()).isEqualTo(Duration.ofHours(1));
        assertThat(pool.policy().offlineFor()).isEqualTo(Duration.ofMinutes(90));
        assertThat(pool.policy().maxRemovals()).isZero();
        assertThat(List.of("KEEP-1", "vm-1", "x-template"))
                .allMatch(name -> pool.policy().protect().match(new AgentName(name)));
    }

    /** One of those that Java brings, as PEM. */
    private static String anyCertificate() throws GeneralSecurityException {
        TrustManagerFactory system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        system.init((@Nullable KeyStore) null);
        X509TrustManager trusted = (X509TrustManager) system.getTrustManagers()[0];
        return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(Base64.getMimeEncoder().encodeToString(trusted.getAcceptedIssuers()[0].getEncoded()));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRequiredIsMissed(Purpose purpose) {
        List<String> always =
                List.of("AZP_URL", "AZP_POOL", "AZP_TOKEN_FILE", "REAPER_POD_SELECTOR", "REAPER_SWEEP_AGENTS");

        List<String> missing = new Configuration().missing(purpose);

        boolean deletes = purpose == Purpose.RUN || purpose == Purpose.SWEEP;
        assertThat(missing).containsAll(always).hasSize(deletes ? 6 : 5);
        assertThat(missing.contains("REAPER_MODE")).isEqualTo(deletes);
    }

    @Test
    void aPlanDeletesNothingWhateverTheMode() throws ConfigurationException {
        assertThat(configuration.read(Purpose.PLAN).mode()).isEqualTo(Mode.DRY_RUN);
        assertThat(configuration.without("REAPER_MODE").read(Purpose.PLAN).mode())
                .isEqualTo(Mode.DRY_RUN);
    }

    @Test
    void whereSweepsAreOffRunNeedsNotKnowWhatASweepMayRemove() throws ConfigurationException {
        configuration.without("REAPER_SWEEP_AGENTS").set("REAPER_SWEEP_EVERY", "off");

        PoolSettings pool = configuration.read().pools().getFirst();
        assertThat(pool.sweepEvery()).isNull();
        assertThat(pool.policy().sweepAgents().match(new AgentName("agent-1"))).isFalse();
        assertThat(configuration.faults(Purpose.SWEEP))
                .singleElement()
                .asString()
                .startsWith("REAPER_SWEEP_AGENTS is missing");
        assertThat(configuration.faults(Purpose.PLAN)).hasSize(1);
        assertThat(configuration.read(Purpose.CHECK).pools()).hasSize(1);
    }

    @Test
    void aTokenInAFileGoesBeforeOneThatIsGiven() throws ConfigurationException {
        configuration.set("AZP_TOKEN_FILE", "/run/token");

        assertThat(configuration.read().pools().getFirst().signIn())
                .isEqualTo(new PersonalAccessToken.InFile(Path.of("/run/token")));
        assertThat(configuration.warnings()).contains("AZP_TOKEN is not used: AZP_TOKEN_FILE goes before it.");
    }

    @Test
    void anEmptyValueIsNone() throws ConfigurationException {
        configuration.set("AZP_TOKEN_FILE", "").set("REAPER_RETRY_FOR", " ").set("REAPER_NAMESPACES", "");

        PoolSettings pool = configuration.read().pools().getFirst();
        assertThat(pool.signIn()).isEqualTo(new PersonalAccessToken.Given("secret-token"));
        assertThat(pool.retryFor()).isEqualTo(Duration.ofMinutes(15));
        assertThat(pool.pods().namespaces()).containsExactly("");
        assertThat(configuration.faults()).isEmpty();
    }

    @Test
    void whiteSpaceAroundAValueIsDroppedWithOneWarning() throws ConfigurationException {
        configuration.set("AZP_TOKEN", "secret-token\n").set("AZP_POOL", "  linux agents ");

        assertThat(configuration.warnings())
                .satisfiesExactlyInAnyOrder(
                        warning -> assertThat(warning).contains("AZP_TOKEN").doesNotContain("secret"),
                        warning -> assertThat(warning).contains("AZP_POOL"));
        PoolSettings pool = configuration.read().pools().getFirst();
        assertThat(pool.signIn()).isEqualTo(new PersonalAccessToken.Given("secret-token"));
        assertThat(pool.pool()).isEqualTo("linux agents");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://dev.azure.com/o",
                "HTTPS://dev.azure.com/o",
                "http://localhost:8081/o",
                "http://127.0.0.1/o",
                "http://127.9.9.9/o",
                "http://[::1]:8081/o"
            })
    void aTokenMayGoWithoutAWordWhereNobodyCanReadIt(String url) throws ConfigurationException {
        assertThat(configuration.set("AZP_URL", url).warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://tfs/c", "http://127.example.com/c", "http://localhost.example.com/c", "http://10.0.0.1/c"
            })
    void aTokenThatGoesUnencryptedIsToldOfOnce(String url) throws ConfigurationException {
        assertThat(configuration.set("AZP_URL", url).warnings())
                .singleElement()
                .asString()
                .contains("AZP_URL", URI.create(url).getHost(), "https");
    }

    @ParameterizedTest
    @CsvSource({"delete, DELETE", "dry-run, DRY_RUN"})
    void aModeIsShownAsItIsWritten(String text, Mode mode) throws ConfigurationException {
        assertThat(configuration.set("REAPER_MODE", text).read().mode()).isEqualTo(mode);
        assertThat(mode.label()).isEqualTo(text);
    }
}
