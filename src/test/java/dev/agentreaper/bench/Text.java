package dev.agentreaper.bench;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as a table has them. */
final class Text {
    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Text() {}

    /** Three digits of it, or all before the point. */
    static String number(double value) {
        if (Math.abs(value) >= 1000) {
            return "%,d".formatted(Math.round(value));
        }
        BigDecimal rounded = new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros();
        return rounded.toPlainString();
    }
}
