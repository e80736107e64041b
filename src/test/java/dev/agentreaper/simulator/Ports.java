package dev.agentreaper.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for programs that are told which to listen on. */
public final class Ports {
    // Below those that Linux gives to outgoing connections: one of these could take a port before the program has it,
    // or
    // while the program is restarted.
    private static final int FIRST = 15_000;
    private static final int END = 32_000;

    private Ports() {}

    /** A port of 127.0.0.1 on which nothing listens. */
    public static int free() {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // Taken: another.
            }
        }
        throw new IllegalStateException("No port is free");
    }
}
