package dev.agentreaper.kubernetes.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster, a context or a user of a kubeconfig.
 *
 * @param name what it is called in messages: {@code its user «me»}
 * @param directory that of its file, to which its paths are relative
 */
record KubeconfigEntry(String name, Map<?, ?> fields, Path directory) {

    /** The field's text; null where it is absent or empty. */
    @Nullable
    String text(String field) {
        Object value = fields.get(field);
        if (value instanceof Map || value instanceof List) {
            throw new IllegalArgumentException("%s of %s is no text".formatted(field, name));
        }
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    boolean flag(String field) {
        Object value = fields.get(field);
        if (value != null && !(value instanceof Boolean)) {
            throw new IllegalArgumentException("%s of %s is neither true nor false".formatted(field, name));
        }
        return Boolean.TRUE.equals(value);
    }

    List<?> list(String field) {
        Object value = fields.get(field);
        if (value != null && !(value instanceof List)) {
            throw new IllegalArgumentException("%s of %s is no list".formatted(field, name));
        }
        return value instanceof List<?> list ? list : List.of();
    }

    /** The fields below a field; null where it is absent. */
    @Nullable
    KubeconfigEntry entry(String field) {
        Object value = fields.get(field);
        if (value != null && !(value instanceof Map)) {
            throw new IllegalArgumentException("%s of %s has no keys".formatted(field, name));
        }
        return value instanceof Map<?, ?> map
                ? new KubeconfigEntry("%s of %s".formatted(field, name), map, directory)
                : null;
    }

    /** What the field {@code <field>-data} holds in Base64, or the file of the field's path; null where neither is. */
    @Nullable
    DataOrFile dataOrFile(String field) {
        String data = text(field + "-data");
        if (data == null) {
            return file(field);
        }
        String what = "%s-data of %s".formatted(field, name);
        try {
            return new DataOrFile.Data(what, new String(Base64.getDecoder().decode(data.replaceAll("\\s", "")), UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s is no Base64".formatted(what), e);
        }
    }

    /** The file of the field's path; null where it is absent. */
    @Nullable
    DataOrFile file(String field) {
        String path = text(field);
        return path == null ? null : new DataOrFile.File("%s of %s".formatted(field, name), directory.resolve(path));
    }

    /** Its fields may be secret. */
    @Override
    public String toString() {
        return name;
    }
}
