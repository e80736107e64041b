package dev.agentreaper.network;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer, which may be without end: no part of it is read that is longer than it may be. Whoever reads a list
 * renews the allowance for each of its elements.
 */
public final class BoundedBody extends FilterInputStream {
    private final long allowance;
    private long left;

    /** @param allowance in bytes */
    public BoundedBody(InputStream body, long allowance) {
        super(body);
        this.allowance = allowance;
        this.left = allowance;
    }

    /** The next part begins. */
    public void renew() {
        left = allowance;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        spend(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        spend(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long number) throws IOException {
        long skipped = super.skip(number);
        spend(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void spend(long number) throws IOException {
        left -= number;
        if (left < 0) {
            throw new UnreadableAnswerException("the answer has a part of more than %d bytes".formatted(allowance));
        }
    }
}
