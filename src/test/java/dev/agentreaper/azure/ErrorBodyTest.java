package dev.agentreaper.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyTest {
    @Test
    void anErrorHasAKindAndAMessageFitToPrint() {
        assertThat(read("{\"$id\":\"1\",\"message\":\"one\\ntwo\",\"typeKey\":\"XException\",\"errorCode\":0}"))
                .isEqualTo(new ErrorBody("XException", "one?two"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "[]",
                "{}",
                "<html>no</html>",
                "Service unavailable",
                "{\"typeKey\":\"XExce",
                "{\"typeKey\":null,\"message\":null}",
                "{\"typeKey\":{},\"message\":[]}"
            })
    void anythingElseIsAnErrorWithoutThem(String body) {
        assertThat(read(body)).isEqualTo(new ErrorBody("", ""));
    }

    @Test
    void deepNestingIsJustAnotherBodyThatSaysNothing() {
        assertThat(read("{\"message\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}"))
                .isEqualTo(new ErrorBody("", ""));
    }

    @Test
    void aBodyThatBreaksOffIsNoOtherError() throws Exception {
        InputStream broken = InputStream.nullInputStream();
        broken.close();

        assertThat(ErrorBody.read(broken)).isEqualTo(new ErrorBody("", ""));
    }

    @Test
    void aLongBodyIsNotReadToItsEnd() throws Exception {
        InputStream body = new ByteArrayInputStream(new byte[10_000_000]);

        ErrorBody.read(body);

        assertThat(body.available()).isGreaterThan(9_900_000);
    }

    private static ErrorBody read(String body) {
        return ErrorBody.read(new ByteArrayInputStream(body.getBytes(UTF_8)));
    }
}
