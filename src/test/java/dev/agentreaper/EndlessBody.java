package dev.agentreaper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;

/** A text, and then another again and again, without end. */
public final class EndlessBody extends InputStream {
    private final byte[] begin;
    private final byte[] forEver;
    private long at;

    public EndlessBody(String begin, String forEver) {
        this.begin = begin.getBytes(UTF_8);
        this.forEver = forEver.getBytes(UTF_8);
    }

    @Override
    public int read() {
        long next = at++;
        return next < begin.length ? begin[(int) next] : forEver[(int) ((next - begin.length) % forEver.length)];
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            bytes[offset + i] = (byte) read();
        }
        return length;
    }
}
