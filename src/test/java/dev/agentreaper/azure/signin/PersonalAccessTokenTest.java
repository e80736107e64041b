package dev.agentreaper.azure.signin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalAccessTokenTest {
    private static final String OF_52 = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    private static final String OF_84 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01234567890123456789012345678901";

    @Test
    void aTokenAsItIsIssuedIsSound() {
        assertThat(PersonalAccessToken.fault(OF_52)).isNull();
        assertThat(PersonalAccessToken.fault(OF_84)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-token-of-another-kind", "YWJj", "!", "abcd"})
    void whatIsNotKnownToBeWrongIsSound(String text) {
        assertThat(PersonalAccessToken.fault(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {OF_52, OF_84 + "\n", OF_84 + "\r\n", OF_52 + "\n"})
    void aTokenThatWasEncodedOnceTooOftenIsKnownByWhatItDecodesTo(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        String told = "it is Base64 of a token";

        assertThat(PersonalAccessToken.fault(Base64.getEncoder().encodeToString(bytes)))
                .startsWith(told);
        assertThat(PersonalAccessToken.fault(
                        Base64.getEncoder().withoutPadding().encodeToString(bytes)))
                .startsWith(told);
        assertThat(PersonalAccessToken.fault(
                        Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes)))
                .startsWith(told);
        assertThat(PersonalAccessToken.fault(
                        Base64.getMimeEncoder(76, new byte[] {' '}).encodeToString(bytes)))
                .startsWith(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc\ndef", "abc\r\ndef", "abc\rdef"})
    void aTokenIsOneLine(String text) {
        assertThat(PersonalAccessToken.fault(text)).startsWith("it has a line break within it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc def", "abc\tdef", "äbc", "abc\u0000"})
    void aTokenHasNoWhiteSpaceAndAsciiAlone(String text) {
        assertThat(PersonalAccessToken.fault(text)).startsWith("it has white space or characters that no token has");
    }
}
