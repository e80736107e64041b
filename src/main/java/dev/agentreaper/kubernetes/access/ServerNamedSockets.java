package dev.agentreaper.kubernetes.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** Speaks TLS to a server that has another name than its address, and asks for it by that name (SNI). */
final class ServerNamedSockets extends SSLSocketFactory {
    private final SSLSocketFactory sockets;
    private final String name;

    ServerNamedSockets(SSLSocketFactory sockets, String name) {
        this.sockets = sockets;
        this.name = name;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        return sockets.createSocket(connected, name, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw onlyOverAConnection();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw onlyOverAConnection();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw onlyOverAConnection();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        throw onlyOverAConnection();
    }

    /** OkHttp connects first, perhaps through a proxy. */
    private static UnsupportedOperationException onlyOverAConnection() {
        return new UnsupportedOperationException("TLS over a connection only");
    }
}
