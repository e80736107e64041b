package dev.agentreaper.kubernetes.access;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A text that a setting holds itself, or in a file, which is read anew each time: it may change. */
sealed interface Content {
    /** What it is, as an operator would call it: {@code the client-key of the user «me»}. */
    String name();

    /** @throws IOException with what is wrong, for the operator */
    String read() throws IOException;

    record Given(String name, String text) implements Content {
        @Override
        public String read() {
            return text;
        }

        /** The text may be a secret. */
        @Override
        public String toString() {
            return name;
        }
    }

    record InFile(String name, Path file) implements Content {
        @Override
        public String read() throws IOException {
            try {
                return Files.readString(file);
            } catch (NoSuchFileException e) {
                throw cause("there is no such file", e);
            } catch (AccessDeniedException e) {
                throw cause("we have no right to", e);
            } catch (IOException e) {
                throw cause(e.getMessage() == null ? e.toString() : e.getMessage(), e);
            }
        }

        private IOException cause(String why, IOException e) {
            return new IOException("%s can't be read from %s: %s".formatted(name, file, why), e);
        }
    }
}
