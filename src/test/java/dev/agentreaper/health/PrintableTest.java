package dev.agentreaper.health;

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
    void whatIsVeryLongIsCut() {
        assertThat(Printable.of("a".repeat(500))).isEqualTo("a".repeat(500));
        assertThat(Printable.of("a".repeat(501))).isEqualTo("a".repeat(500) + "…");
    }
}
