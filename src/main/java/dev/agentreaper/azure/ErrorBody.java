package dev.agentreaper.azure;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentreaper.log.Printable;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer that is no success.
 *
 * @param typeKey the kind of the error, {@code TaskAgentJobStillRunningException} for example; empty where the body is
 *     none of Azure DevOps'
 * @param message what it says, fit to print
 */
record ErrorBody(String typeKey, String message) {
    private static final int READ_AT_MOST = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads it; whatever it is, HTML, empty or cut short, it is no error here. */
    static ErrorBody read(InputStream body) {
        try {
            byte[] bytes = body.readNBytes(READ_AT_MOST);
            try (JsonParser parser = JSON.createParser(bytes)) {
                JsonNode node = JSON.readTree(parser);
                return node == null
                        ? new ErrorBody("", "")
                        : new ErrorBody(
                                node.path("typeKey").asText(""),
                                Printable.of(node.path("message").asText("")));
            }
        } catch (IOException e) {
            return new ErrorBody("", "");
        }
    }
}
