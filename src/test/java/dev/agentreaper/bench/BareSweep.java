package dev.agentreaper.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.simulator.SimulatedAgent;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The calls of a sweep and nothing else: by eight threads, each with a connection, that write the bytes of a request, and read
 * of the answer no more than where it ends. No client can be faster, so this is what the simulator and the system take.
 */
final class BareSweep {
    static final String NAME = "the same calls, bare";

    private static final int AT_ONCE = 8;

    private BareSweep() {}

    /** Deletes all agents that are offline, which it knows without reading the list. */
    static void run(Stage stage) throws Exception {
        Queue<SimulatedAgent> left = new ConcurrentLinkedQueue<>(stage.pool.agents().stream()
                .filter(agent -> agent.status().equals("offline"))
                .toList());
        String agents = "%s/_apis/distributedtask/pools/%d/agents"
                .formatted(stage.azure.url().getPath(), stage.pool.id());
        String all = "includeCapabilities=true&includeAssignedRequest=true&api-version=7.1";
        try (Connection connection = new Connection(stage)) {
            connection.call("GET", "%s?%s".formatted(agents, all));
        }
        Callable<Void> worker = () -> {
            try (Connection connection = new Connection(stage)) {
                for (SimulatedAgent agent = left.poll(); agent != null; agent = left.poll()) {
                    connection.call("GET", "%s/%d?%s".formatted(agents, agent.id(), all));
                    connection.call("DELETE", "%s/%d?api-version=7.1".formatted(agents, agent.id()));
                }
            }
            return null;
        };
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Void> done : workers.invokeAll(Collections.nCopies(AT_ONCE, worker))) {
                done.get();
            }
        }
    }

    private static final class Connection implements AutoCloseable {
        private static final String LENGTH = "content-length:";

        private final Socket socket;
        private final InputStream in;
        private final String headers;

        Connection(Stage stage) throws IOException {
            URI url = stage.azure.url();
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            headers = "Host: %s\r\nAccept: application/json\r\nAuthorization: Basic %s\r\n\r\n"
                    .formatted(
                            url.getAuthority(),
                            Base64.getEncoder().encodeToString((":" + stage.azure.token()).getBytes(UTF_8)));
        }

        void call(String method, String target) throws IOException {
            socket.getOutputStream()
                    .write("%s %s HTTP/1.1\r\n%s"
                            .formatted(method, target, headers)
                            .getBytes(ISO_8859_1));
            String status = line();
            if (!status.startsWith("HTTP/1.1 20")) {
                throw new IOException("%s %s: %s".formatted(method, target, status));
            }
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                    length = Integer.parseInt(header.substring(LENGTH.length()).strip());
                }
            }
            in.skipNBytes(length);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new IOException("the answer is cut short");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
