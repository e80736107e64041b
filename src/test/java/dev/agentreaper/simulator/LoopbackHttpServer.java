package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/**
 * HTTP/1.1 on a port of the loopback interface, so small that a handler holds the connection itself: it can reset it,
 * promise more than it sends, leave a header out, stream, or fall silent. The JDK's own server allows none of these. One
 * virtual thread serves each connection.
 */
final class LoopbackHttpServer implements AutoCloseable {
    private static final int BACKLOG = 512;
    private static final int CHUNK = 64 * 1024;

    private final Handler handler;
    private final ServerSocketFactory sockets;
    private final String scheme;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final int port;
    private ServerSocket listener;
    private CompletableFuture<Void> acceptor;

    /** Listens on the port; 0 lets the system choose one. */
    LoopbackHttpServer(int port, Handler handler) {
        this(port, ServerSocketFactory.getDefault(), "http", handler);
    }

    /** Speaks HTTPS, and is known by this certificate. */
    LoopbackHttpServer(int port, ServerCertificate certificate, Handler handler) {
        this(port, certificate.sockets(), "https", handler);
    }

    private LoopbackHttpServer(int port, ServerSocketFactory sockets, String scheme, Handler handler) {
        this.handler = handler;
        this.sockets = sockets;
        this.scheme = scheme;
        this.listener = bind(port);
        this.port = listener.getLocalPort();
        this.acceptor = acceptFrom(listener);
    }

    URI url() {
        return URI.create(scheme + "://127.0.0.1:" + port);
    }

    /** Stops listening, and resets every connection. */
    @Override
    public synchronized void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Only when the acceptor has let go of it is the port free for another listener.
        acceptor.join();
        connections.forEach(Connection::cut);
    }

    /** Listens again on the same port after {@link #close}. */
    synchronized void reopen() {
        if (listener.isClosed()) {
            listener = bind(port);
            acceptor = acceptFrom(listener);
        }
    }

    private ServerSocket bind(int port) {
        try {
            return sockets.createServerSocket(port, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
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
            while (true) {
                Request request = connection.readRequest();
                // A read that waits when its socket is closed can still bring what came after that.
                if (connection.socket.isClosed()) {
                    return;
                }
                handler.handle(request, connection);
            }
        } catch (IOException brokenByEitherSide) {
            // Nobody is left to tell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** Answers each request, on the virtual thread of its connection. */
    @FunctionalInterface
    interface Handler {
        void handle(Request request, Connection connection) throws IOException, InterruptedException;
    }

    /** A request; the names of its headers ignore case. */
    record Request(String method, URI uri, Map<String, String> headers, String body) {
        String path() {
            return uri.getPath();
        }

        /** The parameters, decoded; their names ignore case. */
        Map<String, String> query() {
            return parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        }

        /** The fields of a form that was sent, decoded; their names ignore case. */
        Map<String, String> form() {
            return parameters(body);
        }

        private static Map<String, String> parameters(String raw) {
            Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String pair : raw.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                if (!pair.isEmpty()) {
                    parameters.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
                }
            }
            return parameters;
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, UTF_8);
        }
    }

    /**
     * A response. A {@code Content-Length} among its headers is sent as it is; otherwise the true one is added.
     *
     * @param forEver what follows the body again and again, until the client has enough; nothing where it is empty
     */
    record Response(int status, Map<String, String> headers, String body, String forEver) {
        static final int NO_CONTENT = 204;

        Response(int status, Map<String, String> headers, String body) {
            this(status, headers, body, "");
        }

        Response {
            headers = Collections.unmodifiableMap(copyOf(headers));
        }

        Response with(String header, String value) {
            Map<String, String> changed = copyOf(headers);
            changed.put(header, value);
            return new Response(status, changed, body, forEver);
        }

        Response without(String header) {
            Map<String, String> changed = copyOf(headers);
            changed.remove(header);
            return new Response(status, changed, body, forEver);
        }

        Response withBody(String newBody) {
            return new Response(status, headers, newBody, forEver);
        }

        /** The first half of the body, and the length of the whole. */
        Response cutInHalf() {
            return withBody(body.substring(0, body.length() / 2))
                    .with("Content-Length", Integer.toString(body.getBytes(UTF_8).length));
        }

        private static Map<String, String> copyOf(Map<String, String> headers) {
            Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            return copy;
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

        /** Sends a response, and closes the connection if it is not of the length that it says. */
        void send(Response response) throws IOException {
            if (!response.forEver().isEmpty()) {
                sendForEver(response);
                return;
            }
            byte[] body = response.body().getBytes(UTF_8);
            Response complete =
                    response.headers().containsKey("Content-Length") || response.status() == Response.NO_CONTENT
                            ? response
                            : response.with("Content-Length", Integer.toString(body.length));
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.writeBytes(head(complete.status(), complete.headers()));
            message.writeBytes(body);
            message.writeTo(out);
            if (Integer.parseInt(complete.headers().getOrDefault("Content-Length", "0")) != body.length) {
                close();
            }
        }

        private void sendForEver(Response response) throws IOException {
            out.write(head(
                    response.status(),
                    response.with("Transfer-Encoding", "chunked")
                            .with("Connection", "close")
                            .headers()));
            if (!response.body().isEmpty()) {
                sendChunk(response.body());
            }
            String chunk = response.forEver()
                    .repeat(Math.max(1, CHUNK / response.forEver().length()));
            while (true) {
                sendChunk(chunk);
            }
        }

        /** Begins an answer without a known end; the connection serves no other request after it. */
        void startStream(Map<String, String> headers, Runnable closedByPeer) throws IOException {
            Response stream = new Response(200, headers, "")
                    .with("Transfer-Encoding", "chunked")
                    .with("Connection", "close");
            out.write(head(stream.status(), stream.headers()));
            Thread.startVirtualThread(() -> {
                awaitClosedByPeer();
                closedByPeer.run();
            });
        }

        void sendChunk(String text) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            out.write((Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n").getBytes(UTF_8));
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

        private static byte[] head(int status, Map<String, String> headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " \r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            return head.append("\r\n").toString().getBytes(ISO_8859_1);
        }

        private Request readRequest() throws IOException {
            String[] start = readLine().split(" ", 3);
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String line = readLine(); !line.isEmpty(); line = readLine()) {
                String[] header = line.split(":", 2);
                headers.put(header[0], header[1].strip());
            }
            int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
            return new Request(start[0], URI.create(start[1]), headers, new String(in.readNBytes(length), UTF_8));
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
