package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server on the loopback interface. It sends the headers that it is given and no others, and keeps
 * connections alive, so that a reply can lack a {@code Date}, promise more bytes than it sends, or be a reset
 * connection. The JDK's own server allows none of these.
 */
final class LoopbackHttpServer implements AutoCloseable {
    private static final int BACKLOG = 512;

    private final Handler handler;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;

    private LoopbackHttpServer(ServerSocket listener, Handler handler) {
        this.listener = listener;
        this.handler = handler;
    }

    /** Listens on the port; 0 lets the system choose one. */
    static LoopbackHttpServer start(int port, Handler handler) {
        ServerSocket listener = bind(port);
        LoopbackHttpServer server = new LoopbackHttpServer(listener, handler);
        server.threads.execute(() -> server.accept(listener));
        return server;
    }

    synchronized int port() {
        return listener.getLocalPort();
    }

    /** Refuses new connections and ends the open ones. */
    synchronized void stopListening() {
        close(listener);
        connections.forEach(LoopbackHttpServer::close);
    }

    /** Listens again on the same port. */
    synchronized void listen() {
        if (listener.isClosed()) {
            ServerSocket again = bind(listener.getLocalPort());
            listener = again;
            threads.execute(() -> accept(again));
        }
    }

    @Override
    public void close() {
        stopListening();
        threads.shutdownNow();
        threads.close();
    }

    private static ServerSocket bind(int port) {
        try {
            return new ServerSocket(port, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
        }
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                admit(listening.accept(), listening);
            } catch (IOException e) {
                close(listening);
            }
        }
    }

    private synchronized void admit(Socket connection, ServerSocket listening) {
        if (listening.isClosed()) {
            close(connection);
        } else {
            connections.add(connection);
            threads.execute(() -> serve(connection));
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            boolean open = true;
            while (open) {
                Request request = read(in);
                open = request != null && send(handler.answer(request), connection, out);
            }
        } catch (IOException e) {
            // The client hung up, or the server stopped listening: there is no one left to tell.
            close(connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String head = readHead(in);
        if (head.isEmpty()) {
            return null;
        }
        List<String> lines = head.lines().toList();
        String[] start = lines.getFirst().split(" ", 3);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        in.skipNBytes(Long.parseLong(headers.getOrDefault("Content-Length", "0")));
        return new Request(start[0], URI.create(start[1]), headers);
    }

    /** The request line and the headers, or an empty text if the client is done. */
    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int lineLength = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            if (b == '\n' && lineLength == 0) {
                return head.toString(ISO_8859_1).strip();
            }
            if (b == '\n') {
                lineLength = 0;
            } else if (b != '\r') {
                lineLength++;
            }
        }
        return "";
    }

    /** Whether the connection can serve another request. */
    private static boolean send(Reply reply, Socket connection, OutputStream out) throws IOException {
        return switch (reply) {
            case Response response -> send(response, out);
            case NoReply.RESET -> {
                connection.setSoLinger(true, 0);
                yield false;
            }
        };
    }

    private static boolean send(Response response, OutputStream out) throws IOException {
        byte[] body = response.body().getBytes(UTF_8);
        Response complete = response.headers().containsKey("Content-Length") || response.status() == Response.NO_CONTENT
                ? response
                : response.with("Content-Length", Integer.toString(body.length));
        StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status() + " \r\n");
        complete.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        message.writeBytes(body);
        message.writeTo(out);
        int promised = Integer.parseInt(complete.headers().getOrDefault("Content-Length", "0"));
        return promised == body.length;
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + socket, e);
        }
    }

    /** Answers each request, on a virtual thread of its connection. */
    @FunctionalInterface
    interface Handler {
        Reply answer(Request request) throws InterruptedException;
    }

    /** A request; its header names ignore case, and its body is read and dropped. */
    record Request(String method, URI uri, Map<String, String> headers) {}

    /** What the client gets. */
    sealed interface Reply permits Response, NoReply {}

    /** Replies without a response. */
    enum NoReply implements Reply {
        RESET
    }

    /** A response. A {@code Content-Length} among its headers is sent as it is; otherwise the true one is added. */
    record Response(int status, Map<String, String> headers, String body) implements Reply {
        static final int NO_CONTENT = 204;

        Response {
            headers = Collections.unmodifiableMap(copyOf(headers));
        }

        Response with(String header, String value) {
            Map<String, String> changed = copyOf(headers);
            changed.put(header, value);
            return new Response(status, changed, body);
        }

        Response without(String header) {
            Map<String, String> changed = copyOf(headers);
            changed.remove(header);
            return new Response(status, changed, body);
        }

        Response withBody(String newBody) {
            return new Response(status, headers, newBody);
        }

        private static Map<String, String> copyOf(Map<String, String> headers) {
            Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(headers);
            return copy;
        }
    }
}
