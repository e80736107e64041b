package dev.agentreaper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Random;

/** Damage to a text on its way, and worse: the same for the same source of chance. */
public final class Mutations {
    private static final String[] ODD = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "\\",
        "\\u0000",
        "\\ud800",
        "\0",
        "\n",
        "null",
        "true",
        "-1",
        "1e999",
        "NaN",
        "99999999999999999999",
        "/*",
        "\uFEFF",
        "\u202e",
        "{\"a\":",
        "[[[[[[[[",
        "'",
        "+1000000000-12-31T23:59:59Z"
    };

    private final Random random;

    public Mutations(Random random) {
        this.random = random;
    }

    /** A few changes, each of another kind. */
    public byte[] of(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            bytes = switch (random.nextInt(6)) {
                case 0 -> cut(bytes);
                case 1 -> without(bytes, 1 + random.nextInt(3));
                case 2 -> without(bytes, 1 + random.nextInt(bytes.length));
                case 3 -> flipped(bytes);
                case 4 -> inserted(bytes, ODD[random.nextInt(ODD.length)].getBytes(UTF_8));
                default -> inserted(bytes, some(bytes));
            };
        }
        return bytes;
    }

    /** The beginning. */
    public byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }

    /** All but so many bytes that follow one another. */
    public byte[] without(byte[] bytes, int number) {
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + number);
        byte[] left = Arrays.copyOf(bytes, bytes.length - (end - at));
        System.arraycopy(bytes, end, left, at, bytes.length - end);
        return left;
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private byte[] some(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        return Arrays.copyOfRange(bytes, at, at + random.nextInt(bytes.length - at));
    }

    private byte[] inserted(byte[] bytes, byte[] what) {
        int at = random.nextInt(bytes.length + 1);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + what.length);
        System.arraycopy(what, 0, longer, at, what.length);
        System.arraycopy(bytes, at, longer, at + what.length, bytes.length - at);
        return longer;
    }
}
