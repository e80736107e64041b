package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.agentreaper.simulator.TestAuthority.Issued;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server of this machine, on a port of the loopback interface: as another address, as a
 * proxy, or as what ends TLS. Wherever a client of the proxy wants to go, it comes to the server.
 */
public final class LoopbackRelay implements AutoCloseable {
    private static final int SOCKS_5 = 5;
    private static final byte[] LET_THROUGH = "HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1);

    private final ServerSocket listener;
    private final int target;
    private final Opening opening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();
    private final Set<String> allowed = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private volatile @Nullable Issued shown;

    private LoopbackRelay(String address, int target, Opening opening) {
        try {
            listener = new ServerSocket(0, 50, InetAddress.ofLiteral(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.target = target;
        this.opening = opening;
        Thread.startVirtualThread(this::accept);
    }

    /** What is done before bytes go to and fro. */
    private interface Opening {
        Socket open(LoopbackRelay relay, Socket client) throws IOException;
    }

    /** The server at another address of the loopback interface, as {@code ::1}. */
    public static LoopbackRelay at(String address, URI server) {
        return new LoopbackRelay(address, server.getPort(), (relay, client) -> client);
    }

    /** An HTTP proxy for CONNECT and, on the same port, a SOCKS5 proxy. */
    public static LoopbackRelay proxyTo(URI server) {
        return new LoopbackRelay("127.0.0.1", server.getPort(), LoopbackRelay::asProxy);
    }

    /** An HTTP proxy that says this to everybody, and lets nobody through. */
    public static LoopbackRelay proxyThatAnswers(String answer) {
        return proxyThatAnswers(answer, URI.create("http://127.0.0.1:0"));
    }

    /** The same, to a server, until it is told to {@link #letThrough let them through}. */
    public static LoopbackRelay proxyThatAnswers(String answer, URI server) {
        return new LoopbackRelay("127.0.0.1", server.getPort(), (relay, client) -> {
            String head = head(client.getInputStream());
            relay.asked.add(head);
            if (relay.allowed.stream().anyMatch(address -> head.startsWith("CONNECT " + address + " "))) {
                client.getOutputStream().write(LET_THROUGH);
                return client;
            }
            client.getOutputStream().write(answer.getBytes(ISO_8859_1));
            throw new IOException("it is not let through");
        });
    }

    /** TLS for a server that speaks plain HTTP; it shows this certificate until another is {@link #show shown}. */
    public static LoopbackRelay tlsFor(URI server, Issued certificate) {
        LoopbackRelay relay = new LoopbackRelay("127.0.0.1", server.getPort(), LoopbackRelay::asTls);
        relay.shown = certificate;
        return relay;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Where clients of the proxy wanted to go: the heads of their CONNECTs, or {@code SOCKS host:443}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Lets through from now on whoever wants to go there: {@code host:443}. */
    public void letThrough(String address) {
        allowed.add(address);
    }

    /** Shows another certificate from now on, and cuts the connections that saw the one before. */
    public void show(Issued certificate) {
        shown = certificate;
        cut();
    }

    /** Ends all connections. */
    public void cut() {
        sockets.forEach(LoopbackRelay::close);
    }

    /** Leaves all connections half-open: whatever is sent on them is lost, and nobody is told. New ones work. */
    public void silence() {
        silent.addAll(sockets);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                Thread.startVirtualThread(() -> relay(client));
            } catch (IOException closedOrClientAlreadyGone) {
                // The loop's condition tells which.
            }
        }
    }

    private void relay(Socket client) {
        try (client;
                Socket opened = opening.open(this, client);
                Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
            sockets.add(server);
            Thread answers = Thread.startVirtualThread(() -> pipe(server, opened, client));
            pipe(opened, server, client);
            answers.join();
        } catch (IOException | InterruptedException brokenByEitherSide) {
            // Nobody is left to tell.
        }
    }

    private void pipe(Socket from, Socket to, Socket client) {
        byte[] bytes = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (!silent.contains(client)) {
                    out.write(bytes, 0, read);
                }
            }
        } catch (IOException reset) {
            // As good as an end.
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static Socket asTls(LoopbackRelay relay, Socket client) throws IOException {
        Issued certificate = relay.shown;
        if (certificate == null) {
            throw new IOException("no certificate yet");
        }
        SSLSocket tls = (SSLSocket) certificate.context().getSocketFactory().createSocket(client, null, true);
        tls.startHandshake();
        return tls;
    }

    private static Socket asProxy(LoopbackRelay relay, Socket client) throws IOException {
        InputStream in = client.getInputStream();
        int first = in.read();
        if (first == SOCKS_5) {
            relay.asked.add("SOCKS " + socks(new DataInputStream(in), client.getOutputStream()));
            return client;
        }
        String head = (char) first + head(in);
        relay.asked.add(head);
        client.getOutputStream().write(LET_THROUGH);
        return client;
    }

    /** All up to the empty line; not a byte more. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed by the client");
            }
            head.append((char) next);
        }
        return head.toString().strip();
    }

    /** The way in without a password, to a host by its name (RFC 1928). */
    private static String socks(DataInputStream in, OutputStream out) throws IOException {
        in.skipNBytes(in.readUnsignedByte());
        out.write(new byte[] {SOCKS_5, 0});
        // Version, CONNECT, reserved, and that a name follows.
        in.skipNBytes(4);
        String host = new String(in.readNBytes(in.readUnsignedByte()), US_ASCII);
        int port = in.readUnsignedShort();
        out.write(new byte[] {SOCKS_5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        return host + ":" + port;
    }
}
