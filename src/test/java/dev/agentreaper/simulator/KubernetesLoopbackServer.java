package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * HTTP/1.1 on a loopback port, so small that a handler holds the connection itself: it can cut it, leave an answer half
 * said, or fall silent. One virtual thread serves each connection.
 */
final class KubernetesLoopbackServer implements AutoCloseable {
    private final Handler handler;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private CompletableFuture<Void> acceptor;

    KubernetesLoopbackServer(Handler handler) {
        this.handler = handler;
        this.listener = listen(0);
        this.acceptor = acceptFrom(listener);
    }

    interface Handler {
        void handle(Request request, Connection connection) throws IOException, InterruptedException;
    }

    /** A request; the names of its headers are in lower case. */
    record Request(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {}

    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Stops listening, and resets every connection. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Only when the acceptor has let go of it is the port free for another listener.
        acceptor.join();
        connections.forEach(Connection::cut);
    }

    /** Listens on the same port again after {@link #close}. */
    void reopen() {
        listener = listen(listener.getLocalPort());
        acceptor = acceptFrom(listener);
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CompletableFuture<Void> acceptFrom(ServerSocket socket) {
        return CompletableFuture.runAsync(() -> accept(socket), Thread::startVirtualThread);
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Connection connection = new Connection(socket.accept());
                connections.add(connection);
                Thread.startVirtualThread(() -> serve(connection));
            } catch (IOException closedOrClientAlreadyGone) {
                // The loop's condition tells which.
            }
        }
    }

    private void serve(Connection connection) {
        try (connection) {
            while (connection.isOpen()) {
                handler.handle(connection.readRequest(), connection);
            }
        } catch (IOException brokenByEitherSide) {
            // Nobody is left to tell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** One connection, and what a handler may do with it. */
    static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        void send(int status, Map<String, String> headers, String body) throws IOException {
            byte[] bytes = body.getBytes(UTF_8);
            write(head(status, headers, "Content-Length: " + bytes.length), bytes, bytes.length);
        }

        /** Announces the whole body, sends half of it and closes. */
        void sendHalf(int status, Map<String, String> headers, String body) throws IOException {
            byte[] bytes = body.getBytes(UTF_8);
            write(head(status, headers, "Content-Length: " + bytes.length), bytes, bytes.length / 2);
            close();
        }

        /** Begins an answer without a known end; the connection serves no other request after it. */
        void startStream(Map<String, String> headers, Runnable closedByPeer) throws IOException {
            out.write(head(200, headers, "Transfer-Encoding: chunked\r\nConnection: close"));
            Thread.startVirtualThread(() -> {
                awaitClosedByPeer();
                closedByPeer.run();
            });
        }

        void sendChunk(String text) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            byte[] frame = (Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n").getBytes(UTF_8);
            out.write(frame);
        }

        void endStream() throws IOException {
            out.write("0\r\n\r\n".getBytes(UTF_8));
            close();
        }

        /** Returns when the other side, or a cut, has ended the connection. */
        void awaitClosedByPeer() {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException reset) {
                // Closed all the same.
            }
        }

        /** Resets the connection, as when a machine on the way goes away. */
        void cut() {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException alreadyClosed) {
                return;
            }
            close();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean isOpen() {
            return !socket.isClosed();
        }

        private void write(byte[] head, byte[] body, int length) throws IOException {
            out.write(head);
            out.write(body, 0, length);
        }

        private static byte[] head(int status, Map<String, String> headers, String framing) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " \r\n" + framing + "\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            return head.append("\r\n").toString().getBytes(UTF_8);
        }

        private Request readRequest() throws IOException {
            String[] start = readLine().split(" ", 3);
            Map<String, String> headers = new HashMap<>();
            for (String line = readLine(); !line.isEmpty(); line = readLine()) {
                String[] header = line.split(":", 2);
                headers.put(header[0].toLowerCase(Locale.ROOT), header[1].strip());
            }
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            String body = new String(in.readNBytes(length), UTF_8);
            String[] target = start[1].split("\\?", 2);
            return new Request(start[0], target[0], query(target.length > 1 ? target[1] : ""), headers, body);
        }

        private static Map<String, String> query(String text) {
            Map<String, String> query = new TreeMap<>();
            for (String pair : text.split("&", -1)) {
                if (!pair.isEmpty()) {
                    String[] parts = pair.split("=", 2);
                    query.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
                }
            }
            return query;
        }

        private static String decode(String text) {
            return URLDecoder.decode(text, UTF_8);
        }

        private String readLine() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int character = in.read(); character != '\n'; character = in.read()) {
                if (character < 0) {
                    throw new IOException("Closed by the client");
                }
                if (character != '\r') {
                    line.append((char) character);
                }
            }
            return line.toString();
        }
    }
}
