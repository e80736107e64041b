package dev.agentreaper.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "agent-1", "Größe «1» – 🤖 \\n %s", " a  b "})
    void ordinaryTextStaysAsItIs(String text) {
        assertThat(Printable.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            chars = {
                '\n', '\r', '\t', '\0', '\u001b', '\u007f', '\u0085', '\u009b', '\u00ad', '\u200b', '\u202e', '\u2028',
                '\u2029', '\ufeff'
            })
    void whatBreaksOrHidesALineBecomesAQuestionMark(char control) {
        assertThat(Printable.of("a" + control + "[31mb")).isEqualTo("a?[31mb");
    }

    @Test
    void halfACharacterBecomesAQuestionMarkAndNoneIsHalved() {
        assertThat(Printable.of("a\ud83eb\udd16c")).isEqualTo("a?b?c");
        assertThat(Printable.of("a".repeat(499) + "🤖")).isEqualTo("a".repeat(499) + "…");
    }

    @Test
    void aSecretIsHiddenInEachOfItsForms() {
        Secrets.hold("printable~test~secret");

        assertThat(Printable.of(
                        "token printable~test~secret, cHJpbnRhYmxlfnRlc3R+c2VjcmV0 and printable%7Etest%7Esecret."))
                .isEqualTo("token ***, *** and ***.");
    }

    @Test
    void aSecretOfTheConfigurationIsHiddenHoweverManyTokensComeAfterIt() {
        Secrets.hold("held-at-the-start");
        manyTokensCome();

        assertThat(Printable.of("held-at-the-start token-of-the-hour-999")).isEqualTo("*** ***");
    }

    @Test
    void tokensOfLongAgoAreForgotten() {
        Secrets.holdToken("token-of-long-ago");
        manyTokensCome();

        assertThat(Printable.of("token-of-long-ago")).isEqualTo("token-of-long-ago");
    }

    private static void manyTokensCome() {
        for (int hour = 0; hour < 1_000; hour++) {
            Secrets.holdToken("token-of-the-hour-" + hour);
        }
    }

    @Test
    void aPasswordIsHiddenAlsoAsAHeaderHasIt() {
        Secrets.holdLogin("user", "pass-wörd");

        assertThat(Printable.of("Basic dXNlcjpwYXNzLXfDtnJk, pass-wörd and dXNlcjpwYXNzLXfDtnJk."))
                .isEqualTo("Basic ***, *** and ***.");
    }

    @Test
    void noPartOfASecretIsLeftByACut() {
        Secrets.hold("another-test-secret");

        assertThat(Printable.of("a".repeat(495) + "another-test-secret")).isEqualTo("a".repeat(495) + "***");
    }

    @Test
    void whatIsTooShortForASecretIsAnOrdinaryWord() {
        Secrets.hold("agent");
        Secrets.hold("");

        assertThat(Printable.of("agent-1")).isEqualTo("agent-1");
    }

    @Test
    void whatIsVeryLongIsCut() {
        assertThat(Printable.of("a".repeat(500))).isEqualTo("a".repeat(500));
        assertThat(Printable.of("a".repeat(501))).isEqualTo("a".repeat(500) + "…");
    }
}
