package dev.agentreaper.kubernetes.access;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A text that is given itself, as in {@code client-key-data} of a kubeconfig, or in a file, as in {@code client-key}. The file
 * is read anew each time: it may change.
 */
sealed interface DataOrFile {
    /** What it is, as an operator would call it: {@code the client-key of the user «me»}. */
    String name();

    /** @throws IOException with what is wrong, for the operator */
    String read() throws IOException;

    record Data(String name, String text) implements DataOrFile {
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

    record File(String name, Path path) implements DataOrFile {
        @Override
        public String read() throws IOException {
            try {
                return Files.readString(path);
            } catch (NoSuchFileException e) {
                throw cause("there is no such file", e);
            } catch (AccessDeniedException e) {
                throw cause("we have no right to", e);
            } catch (IOException e) {
                throw cause(e.getMessage() == null ? e.toString() : e.getMessage(), e);
            }
        }

        private IOException cause(String why, IOException e) {
            return new IOException("%s can't be read from %s: %s".formatted(name, path, why), e);
        }
    }
}
