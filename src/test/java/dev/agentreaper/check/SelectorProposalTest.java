package dev.agentreaper.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorProposalTest {
    private static final List<Map<String, String>> NONE = List.of();

    @Test
    void theLabelThatAllHaveIsTheSelector() {
        assertThat(SelectorProposal.of(
                        List.of(
                                Map.of("app", "azp", "pod-template-hash", "1", "team", "a"),
                                Map.of("app", "azp", "pod-template-hash", "2", "team", "b")),
                        NONE))
                .isEqualTo("app=azp");
    }

    @Test
    void severalValuesOfALabelAreASet() {
        assertThat(SelectorProposal.of(List.of(Map.of("app", "linux"), Map.of("app", "big-linux")), NONE))
                .isEqualTo("app in (big-linux,linux)");
    }

    @Test
    void aLabelThatOthersShareIsNone() {
        List<Map<String, String>> agents =
                List.of(Map.of("app", "ci", "role", "agent"), Map.of("app", "ci", "role", "agent"));

        assertThat(SelectorProposal.of(agents, List.of(Map.of("app", "ci", "role", "cache"))))
                .isEqualTo("role=agent");
        assertThat(SelectorProposal.of(agents, List.of(Map.of("app", "ci"), Map.of("role", "agent"))))
                .isNull();
    }

    @Test
    void whatTellsOnePodOrRevisionFromTheNextIsNone() {
        assertThat(SelectorProposal.of(
                        List.of(Map.of(
                                "pod-template-hash", "1",
                                "controller-revision-hash", "1",
                                "statefulset.kubernetes.io/pod-name", "azp-0",
                                "batch.kubernetes.io/job-name", "azp-1")),
                        NONE))
                .isNull();
    }

    @Test
    void theFewestValuesGoBeforeThePlainestName() {
        assertThat(SelectorProposal.of(
                        List.of(Map.of("app", "one", "zone-of-ours", "ci"), Map.of("app", "two", "zone-of-ours", "ci")),
                        NONE))
                .isEqualTo("zone-of-ours=ci");
    }

    @Test
    void podsWithoutALabelInCommonHaveNone() {
        assertThat(SelectorProposal.of(List.of(Map.of("app", "one"), Map.of("name", "two")), NONE))
                .isNull();
    }
}
