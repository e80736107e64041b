package dev.agentreaper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrganizationUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://dev.azure.com/my-org,                  https://dev.azure.com/my-org",
        "https://dev.azure.com/my-org/,                 https://dev.azure.com/my-org",
        "https://dev.azure.com//my-org//,               https://dev.azure.com/my-org",
        "HTTPS://Dev.Azure.com/My-Org,                  HTTPS://Dev.Azure.com/My-Org",
        "https://my-org.visualstudio.com,               https://my-org.visualstudio.com",
        "https://my-org.visualstudio.com/,              https://my-org.visualstudio.com",
        "https://my-org.visualstudio.com/DefaultCollection, https://my-org.visualstudio.com/DefaultCollection",
        "https://server/DefaultCollection,              https://server/DefaultCollection",
        "https://server/devops/DefaultCollection,       https://server/devops/DefaultCollection",
        "https://server/tfs/DefaultCollection/,         https://server/tfs/DefaultCollection",
        "http://server:8080/tfs/Our%20Agents,           http://server:8080/tfs/Our%20Agents",
        "https://[2001:db8::1]:8443/Collection,         https://[2001:db8::1]:8443/Collection",
    })
    void theUrlOfAnOrganizationOrACollectionIsTaken(String written, String taken) {
        assertThat(OrganizationUrl.parse(written)).hasToString(taken);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://dev.azure.com/my-org/_settings/agentqueues?queueId=9 | https://dev.azure.com/my-org",
                "https://dev.azure.com/my-org/_settings/agentpools?poolId=9&view=agents | https://dev.azure.com/my-org",
                "https://dev.azure.com/my-org/my-project/_settings/agentqueues | https://dev.azure.com/my-org",
                "https://dev.azure.com/my-org/_apis/distributedtask/pools/9 | https://dev.azure.com/my-org",
                "https://dev.azure.com/my-org/my%20project/_git/repository#L1 | https://dev.azure.com/my-org",
                "https://dev.azure.com/my-org/my-project | https://dev.azure.com/my-org",
                "https://dev.azure.com/my-org?view=agents | https://dev.azure.com/my-org",
                "https://DEV.azure.com/my-org/my-project/ | https://DEV.azure.com/my-org",
                "https://my-org.visualstudio.com/_settings/agentpools?poolId=9 | https://my-org.visualstudio.com",
                "https://my-org.visualstudio.com/my-project | https://my-org.visualstudio.com",
                "https://my-org.visualstudio.com/DefaultCollection/my-project/_build"
                        + " | https://my-org.visualstudio.com/DefaultCollection",
                "https://server/tfs/DefaultCollection/_admin/_AgentPool | https://server/tfs/DefaultCollection",
                "https://server/tfs/DefaultCollection/my-project | https://server/tfs/DefaultCollection",
                "http://server:8080/TFS/Our%20Agents/my-project/_settings | http://server:8080/TFS/Our%20Agents",
                "https://server/DefaultCollection/_settings/agentpools | https://server/DefaultCollection",
                "https://server/devops/DefaultCollection/_settings/agentpools | https://server/devops/DefaultCollection",
            })
    void thatOfSomethingInItIsToldWithTheOneToWrite(String written, String right) {
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> OrganizationUrl.parse(written))
                .withMessageStartingWith("it is the address of something in the organization or collection")
                .satisfies(wrong -> assertThat(wrong.fault().remedy()).isEqualTo(new Fault.Remedy.Instead(right)))
                .satisfies(
                        wrong -> assertThat(String.valueOf(wrong.getMessage()).contains("perhaps in a project"))
                                .isEqualTo(written.contains("/devops/")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://dev.azure.com",
                "https://dev.azure.com/",
                "https://dev.azure.com/_settings/agentpools",
                "https://server:8080",
                "https://server/_admin/_AgentPool",
                "https://server/tfs/_admin/_AgentPool",
            })
    void oneWithoutAnOrganizationOrACollectionIsTold(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OrganizationUrl.parse(written))
                .withMessage("it lacks the organization, or the server's collection");
    }
}
