package dev.agentreaper.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclaredPoolTest {
    private static final URI ORGANIZATION = URI.create("https://dev.azure.com/Fabrikam");

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            https://dev.azure.com/fabrikam                           , linux
            https://dev.azure.com/FABRIKAM/                          , Linux
            https://dev.azure.com:443/fabrikam                       , linux
            ' https://dev.azure.com/fabrikam '                       , ' linux '
            http://dev.azure.com/fabrikam//                          , linux
            https://fabrikam.visualstudio.com                        , linux
            https://fabrikam.visualstudio.com/                       , linux
            https://fabrikam.visualstudio.com/DefaultCollection      , linux
            """)
    void isThePoolThatItNames(String url, String pool) {
        DeclaredPool declared = DeclaredPool.of(url, pool);

        assertThat(declared.names(ORGANIZATION, "linux")).isTrue();
        assertThat(declared.is(ORGANIZATION, "linux")).isTrue();
        assertThat(declared.mayBe(ORGANIZATION, "linux")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"https://server.example.com/tfs/fabrikam", "-"})
    void isThePoolWhereItSaysNoOtherOrganization(@Nullable String url) {
        DeclaredPool declared = DeclaredPool.of(url, "linux");

        assertThat(declared.names(ORGANIZATION, "linux")).isFalse();
        assertThat(declared.is(ORGANIZATION, "linux")).isTrue();
        assertThat(declared.mayBe(ORGANIZATION, "linux")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            https://dev.azure.com/fabrikam   , windows
            https://dev.azure.com/contoso    , linux
            https://dev.azure.com/contoso    , -
            -                                , windows
            """)
    void isNoPoolButThat(@Nullable String url, @Nullable String pool) {
        DeclaredPool declared = DeclaredPool.of(url, pool);

        assertThat(declared.is(ORGANIZATION, "linux")).isFalse();
        assertThat(declared.mayBe(ORGANIZATION, "linux")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"https://dev.azure.com/fabrikam,-", "-,-", "' ',' '", "'',''"})
    void mayBeAnyWhereItNamesNone(@Nullable String url, @Nullable String pool) {
        DeclaredPool declared = DeclaredPool.of(url, pool);

        assertThat(declared.is(ORGANIZATION, "linux")).isFalse();
        assertThat(declared.mayBe(ORGANIZATION, "linux")).isTrue();
    }

    @Test
    void isNoneThatIsKnownByItsIdThoughItsNameHasDigitsAlone() {
        DeclaredPool declared = DeclaredPool.of("https://dev.azure.com/fabrikam", "12");

        assertThat(declared.names(ORGANIZATION, "12")).isFalse();
        assertThat(declared.is(ORGANIZATION, "12")).isFalse();
        assertThat(declared.mayBe(ORGANIZATION, "12")).isTrue();
        assertThat(declared.mayBe(ORGANIZATION, "7")).isTrue();
    }

    @Test
    void aVeryLongValueSaysNothing() {
        String text = "https:" + "/".repeat(200_000) + "x";

        assertThat(DeclaredPool.of(text, text)).isEqualTo(DeclaredPool.UNKNOWN);
        assertThat(DeclaredPool.of(null, "x".repeat(1_001))).isEqualTo(DeclaredPool.UNKNOWN);
        assertThat(DeclaredPool.of(null, "x".repeat(1_000)).pool()).hasSize(1_000);
    }

    @Test
    void mayBeOneThatIsKnownByItsIdAlone() {
        DeclaredPool declared = DeclaredPool.of("https://dev.azure.com/fabrikam", "linux");

        assertThat(declared.is(ORGANIZATION, "12")).isFalse();
        assertThat(declared.mayBe(ORGANIZATION, "12")).isTrue();
        assertThat(declared.mayBe(URI.create("https://dev.azure.com/contoso"), "12"))
                .isFalse();
    }
}
