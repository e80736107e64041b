package dev.agentreaper.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFaultsTest {
    record Wrong(Key key, String value) {}

    static final Wrong[] WRONG = {
        new Wrong(Key.MODE, "Delete"),
        new Wrong(Key.SHUTDOWN_TIMEOUT, "soon"),
        new Wrong(Key.CA_FILE, "/no/such/ca.pem"),
        new Wrong(Key.CA_FILE, "/"),
        new Wrong(Key.CA_FILE, "/dev/null"),
        new Wrong(Key.LOG_FORMAT, "xml"),
        new Wrong(Key.URL, "dev.azure.com/my-org"),
        new Wrong(Key.URL, "https://dev.azure.com"),
        new Wrong(Key.URL, "https://dev.azure.com/"),
        new Wrong(Key.URL, "https://dev.azure.com/my org"),
        new Wrong(Key.URL, "https:///my-org"),
        new Wrong(Key.URL, "ftp://dev.azure.com/my-org"),
        new Wrong(Key.URL, "mailto:my-org"),
        new Wrong(Key.POOL, "12345678901"),
        new Wrong(Key.TOKEN, "my secret"),
        new Wrong(Key.TOKEN, "secrét"),
        new Wrong(Key.TOKEN, "first\nsecret"),
        new Wrong(Key.TOKEN_FILE, "a-secret-by-mistake"),
        new Wrong(Key.TENANT_ID, "a secret"),
        new Wrong(Key.TENANT_ID, "common"),
        new Wrong(Key.CLIENT_ID, "a-secret-by-mistake"),
        new Wrong(Key.FEDERATED_TOKEN_FILE, "a-secret-by-mistake"),
        new Wrong(Key.CLIENT_SECRET, "my secret"),
        new Wrong(Key.AUTHORITY_HOST, "login.microsoftonline.us"),
        new Wrong(Key.AUTHORITY_HOST, "https://login.microsoftonline.us?tenant=x"),
        new Wrong(Key.METADATA_HOST, "169.254.169.254"),
        new Wrong(Key.NAMESPACES, "Agents"),
        new Wrong(Key.NAMESPACES, "ci,c/d"),
        new Wrong(Key.NAMESPACES, "-ci"),
        new Wrong(Key.NAMESPACES, ","),
        new Wrong(Key.POD_SELECTOR, "app in prod"),
        new Wrong(Key.POD_SELECTOR, "app=a b"),
        new Wrong(Key.POD_SELECTOR, "=agent"),
        new Wrong(Key.POD_SELECTOR, "app=a,"),
        new Wrong(Key.AGENT_NAME, "{node}"),
        new Wrong(Key.AGENT_NAME, "agent"),
        new Wrong(Key.PROTECT, ","),
        new Wrong(Key.CAPABILITIES, "CLUSTER"),
        new Wrong(Key.CAPABILITIES, "CLUSTER="),
        new Wrong(Key.CAPABILITIES, "=prod-1"),
        new Wrong(Key.CAPABILITIES, "CLUSTER=a,CLUSTER=b"),
        new Wrong(Key.API_VERSION, "seven"),
        new Wrong(Key.API_VERSION, "7"),
        new Wrong(Key.RETRY_FOR, "-1s"),
        new Wrong(Key.RETRY_FOR, "-PT1S"),
        new Wrong(Key.RETRY_FOR, "99999d"),
        new Wrong(Key.RETRY_FOR, "9223372036854775807d"),
        new Wrong(Key.RETRY_FOR, "99999999999999999999"),
        new Wrong(Key.SWEEP_EVERY, "0s"),
        new Wrong(Key.SWEEP_EVERY, "999ms"),
        new Wrong(Key.SWEEP_EVERY, "never"),
        new Wrong(Key.SWEEP_AGENTS, " , "),
        new Wrong(Key.SWEEP_OFFLINE_FOR, "10 minutes"),
        new Wrong(Key.SWEEP_OFFLINE_FOR, "10"),
        new Wrong(Key.SWEEP_MAX_REMOVALS, "-1"),
        new Wrong(Key.SWEEP_MAX_REMOVALS, "1.5"),
        new Wrong(Key.SWEEP_MAX_REMOVALS, "9999999999"),
    };

    @ParameterizedTest
    @FieldSource("WRONG")
    void aWrongValueIsToldWithItsKeyAndAnExampleAndIsShownUnlessItIsSecret(Wrong wrong) {
        String shown = wrong.key.isSecret() ? "" : " «" + wrong.value.strip() + "»";

        assertThat(Configuration.where(wrong.key)
                        .set(wrong.key.variable(), wrong.value)
                        .faults())
                .singleElement()
                .asString()
                .startsWith(wrong.key.variable() + shown + ": ")
                .endsWith("For example: %s=%s".formatted(wrong.key.variable(), wrong.key.example()))
                .satisfies(fault ->
                        assertThat(fault.replace(wrong.key.example(), "")).doesNotContain("secr"));
    }

    @Test
    void aWrongValueThatShowsTheRightOneIsToldWithIt() {
        assertThat(Configuration.where(Key.URL)
                        .set("AZP_URL", "https://dev.azure.com/fabrikam?view=agents")
                        .faults())
                .containsExactly(
                        "AZP_URL «https://dev.azure.com/fabrikam?view=agents»: it is the address of something in the"
                                + " organization or collection. Instead: AZP_URL=https://dev.azure.com/fabrikam");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            value = {"REAPER_SWEEP_AGENTS,'azp-*'", "REAPER_SWEEP_EVERY,\"off\"", "REAPER_POD_SELECTOR,'app=agent'"})
    void quotesThatNoShellHasTakenAwayAreNoPartOfAValue(String variable, String value) {
        assertThat(Configuration.required().set(variable, value).faults())
                .containsExactly("%s «%s»: the quotes around it are a part of the value. What to do: leave them out."
                        .formatted(variable, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "REAPER_PROTECT | build-*,\"vm-*\" | \"vm-*\"",
                "REAPER_NAMESPACES | 'ci',team | 'ci'",
                "REAPER_CAPABILITIES | CLUSTER='blue' | 'blue'"
            })
    void norAreTheyOfAnElement(String variable, String value, String element) {
        assertThat(Configuration.required().set(variable, value).faults())
                .singleElement(STRING)
                .startsWith(
                        "%s «%s»: the quotes are a part of %s; leave them out. ".formatted(variable, value, element));
    }

    @Test
    void aTokenInQuotesIsNotShown() {
        assertThat(Configuration.required().set("AZP_TOKEN", "'s3cret'").faults())
                .containsExactly(
                        "AZP_TOKEN: the quotes around it are a part of the value. What to do: leave them out.");
    }

    @Test
    void aTokenThatIsEncodedIsToldWithTheCureAndNotShown() {
        String encoded = Base64.getEncoder().encodeToString("s3cret7".repeat(12).getBytes(UTF_8));

        assertThat(Configuration.required().set("AZP_TOKEN", encoded).faults())
                .singleElement()
                .asString()
                .startsWith("AZP_TOKEN: it is Base64 of a token: ")
                .contains("stringData", "--from-literal")
                .doesNotContain(encoded, "s3cret");
    }

    @Test
    void aTokenThatIsSetButEmptyIsToldApartFromOneThatIsNot() {
        assertThat(Configuration.required().set("AZP_TOKEN", "\n").faults())
                .singleElement()
                .asString()
                .startsWith("AZP_TOKEN_FILE is missing, ")
                .contains("; AZP_TOKEN is set, but empty: see the Secret that it comes from.");
    }

    @Test
    void everyKeyCanHaveAWrongValue() {
        Set<Key> keys =
                Arrays.stream(WRONG).map(Wrong::key).collect(Collectors.toCollection(() -> EnumSet.noneOf(Key.class)));

        assertThat(EnumSet.complementOf(EnumSet.copyOf(keys))).isEmpty();
    }

    /** A default in its place could remove what was to be protected. */
    @ParameterizedTest
    @EnumSource(Key.class)
    void aValueThatCanNotBeHadIsAFaultAndNeverADefault(Key key) {
        assertThat(Configuration.where(key).unreadable(key.variable()).faults())
                .singleElement()
                .asString()
                .startsWith(key.variable() + ": it refers to something that is not set. For example: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:s3cret@dev.azure.com/my-org",
                "https://s3cret@dev.azure.com/my-org",
                "https://me:s3c ret@dev.azure.com/my-org",
                "me:s3cret@dev.azure.com/my-org"
            })
    void aUrlWithATokenInItIsNotShown(String url) {
        assertThat(Configuration.required().set("AZP_URL", url).faults())
                .singleElement()
                .asString()
                .startsWith("AZP_URL: it ")
                .doesNotContain("s3c", "ret@", "me:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AZP_URL | https://my-org.visualstudio.com",
                "AZP_URL | https://server:8443/tfs/Default%20Collection",
                "AZP_POOL | my pool, the 2nd",
                "AZP_POOL | 123456789",
                "REAPER_POD_SELECTOR | app",
                "REAPER_POD_SELECTOR | !app",
                "REAPER_POD_SELECTOR | app.kubernetes.io/name==agent, tier != test",
                "REAPER_POD_SELECTOR | app notin (a, b),x in (c)",
                "REAPER_POD_SELECTOR | app=",
                "REAPER_SWEEP_EVERY | 1s",
                "REAPER_SWEEP_OFFLINE_FOR | 1500ms",
                "REAPER_SWEEP_OFFLINE_FOR | 1d",
                "REAPER_SWEEP_OFFLINE_FOR | 1h30m",
                "REAPER_SWEEP_OFFLINE_FOR | 3650d",
                "AZP_API_VERSION | 6.0-preview",
                "REAPER_PROTECT | ,a*,,b,",
            })
    void aRightValueIsNoFault(String variable, String value) {
        assertThat(Configuration.required().set(variable, value).faults()).isEmpty();
    }

    @Test
    void allFaultsAreToldAtOnce() {
        Configuration configuration = Configuration.required();
        List<Wrong> ofToken = Stream.of(WRONG)
                .filter(wrong -> !wrong.key.variable().startsWith("AZURE_"))
                .toList();
        ofToken.forEach(wrong -> configuration.set(wrong.key.variable(), wrong.value));
        configuration.set("REAPER_NAMESPACE", "ci");

        assertThat(configuration.faults())
                .hasSize((int) ofToken.stream().map(Wrong::key).distinct().count())
                .allSatisfy(fault -> assertThat(fault).containsAnyOf("For example: ", "did you mean "));
    }

    @Test
    void aWarningIsNotToldBesideAFault() {
        assertThat(Configuration.required()
                        .set("AZP_URL", "http://tfs/c")
                        .set("REAPER_MODE", "x")
                        .faults())
                .hasSize(1);
    }

    /** As a ConfigMap may have it, of which each key becomes a variable. */
    @ParameterizedTest
    @EnumSource(Key.class)
    void eachVariableOfOursIsToldWhereItIsMistyped(Key key) {
        String variable = key.variable();
        if (variable.startsWith("REAPER_")) {
            for (String mistyped : List.of(
                    variable.substring(0, variable.length() - 1),
                    variable + "S",
                    variable.replaceFirst("REAPER_(.)", "REAPER_$1$1"))) {
                assertThat(Configuration.required().set(mistyped, "x").faults())
                        .containsExactly("unknown key %s, did you mean %s?".formatted(mistyped, variable));
            }
        }
    }

    @Test
    void aProxyThatIsNoneIsAFaultOnceWhereItIsOnTheWay() {
        Configuration entra = Configuration.entra().set("HTTPS_PROXY", "https://me:s3cret@proxy");

        assertThat(entra.faults())
                .singleElement()
                .asString()
                .startsWith("HTTPS_PROXY: a proxy that speaks https itself is not supported")
                .doesNotContain("s3cret");
        assertThat(entra.set("NO_PROXY", "dev.azure.com").faults()).hasSize(1);
        assertThat(entra.set("NO_PROXY", "dev.azure.com,microsoftonline.com").faults())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"REAPER_PROTEKT, REAPER_PROTECT", "REAPER_NAMESPACE, REAPER_NAMESPACES", "REAPER_MOD, REAPER_MODE"})
    void anUnknownVariableOfOursIsAFaultThatNamesTheNearest(String unknown, String nearest) {
        assertThat(Configuration.required().set(unknown, "x").faults())
                .singleElement()
                .asString()
                .isEqualTo("unknown key %s, did you mean %s?", unknown, nearest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REAPER_SERVICE_HOST",
                "REAPER_SERVICE_PORT",
                "REAPER_SERVICE_PORT_HTTP",
                "REAPER_PORT",
                "REAPER_PORT_8080_TCP",
                "REAPER_PORT_8080_TCP_ADDR",
                "REAPER_PORT_8080_TCP_PORT",
                "REAPER_PORT_8080_TCP_PROTO",
                "REAPER_AGENTS_SERVICE_HOST",
                "REAPER_AGENTS_PORT_80_TCP",
                "AZP_WORK",
                "AGENT_REAPER",
                "PATH"
            })
    void whatKubernetesAndOthersAddToTheEnvironmentIsNoFault(String name) {
        assertThat(Configuration.required().set(name, "x").faults()).isEmpty();
    }
}
