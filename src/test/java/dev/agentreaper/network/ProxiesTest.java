package dev.agentreaper.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy is on the way to a server. */
class ProxiesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://10.1.2.3:6443 | ''",
                "https://10.1.2.3:6443 | 10.1.2.4, 10.2.0.0/16, fd00::/8",
                "https://10.1.2.3:6443 | 10.1.2.3:443",
                "https://api.cluster.test | .api.cluster.test, luster.test, cluster",
                "https://[fd00::1]:6443 | fd00::2, 10.0.0.0/8",
            })
    void theProxyOfTheEnvironmentIsForAllThatIsNotExcepted(String server, String noProxy) {
        assertThat(proxy(server, noProxy)).hasToString("http://proxy:3128");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://10.1.2.3:6443 | *",
                "https://10.1.2.3:6443 | a, 10.1.2.3",
                "https://10.1.2.3:6443 | 10.1.2.3:6443",
                "https://10.1.2.3:6443 | 10.1.0.0/16",
                "https://10.1.2.3:6443 | 10.1.2.2/31",
                "https://api.cluster.test | cluster.test",
                "https://API.cluster.test | .Cluster.test",
                "https://api.cluster.test | *.cluster.test",
                "https://api.cluster.test | api.cluster.test:443",
                "https://[fd00::1]:6443 | fd00::1",
                "https://[fd00::1]:6443 | fd00::/8",
                "https://127.0.0.1:6443 | ''",
                "https://[::1]:6443 | ''",
                "https://localhost:6443 | ''",
                "http://10.1.2.3:8001 | ''",
            })
    void whatIsExceptedOrOnThisMachineIsReachedWithoutIt(String server, String noProxy) {
        assertThat(proxy(server, noProxy)).isNull();
    }

    private static @Nullable ProxyServer proxy(String server, String noProxy) {
        return new Proxies(Map.of("HTTPS_PROXY", "proxy:3128", "no_proxy", noProxy)).to(URI.create(server));
    }

    @Test
    void unencryptedServersHaveAProxyOfTheirOwn() {
        Proxies proxies = new Proxies(Map.of("http_proxy", "plain", "HTTPS_PROXY", "socks5://encrypted"));

        assertThat(proxies.to(URI.create("http://server.test")))
                .hasToString("http://plain")
                .returns(80, ProxyServer::port);
        assertThat(proxies.to(URI.create("HTTPS://server.test")))
                .hasToString("socks5://encrypted")
                .returns(1080, ProxyServer::port);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://me:p%20w%40@proxy | me | p w@",
                "http://me:a:b@proxy      | me | a:b",
                "http://me@proxy          | me | ''",
            })
    void whoSignsInToAProxyStandsInItsUrlPercentEncoded(String url, String user, String password) {
        ProxyServer proxy = ProxyServer.parse(url);

        assertThat(proxy.login()).isEqualTo(new ProxyServer.Login(user, password));
        assertThat(proxy).hasToString("http://proxy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "http://:3128",
                "http://me:s3cret@",
                "http://me:s3cret@s3cret@proxy",
                "http://me:s3cret%@proxy",
                "http://proxy:0",
                "http://proxy:65536",
                "http://proxy:port",
                "a s3cret proxy",
                "https://me:s3cret@proxy",
                "socks5://me:s3cret@proxy",
            })
    void whatIsNoProxyIsRefusedByTheNameOfItsVariableAndNothingOfItIsShown(String value) {
        Proxies proxies = new Proxies(Map.of("HTTPS_PROXY", value));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> proxies.to(URI.create("https://server.test")))
                .withMessageStartingWith("HTTPS_PROXY: ")
                .withMessageEndingWith("For example: HTTPS_PROXY=http://proxy.example.com:3128")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
        assertThat(proxies.to(URI.create("http://server.test"))).isNull();
    }
}
