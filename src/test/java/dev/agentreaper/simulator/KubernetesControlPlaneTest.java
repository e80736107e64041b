package dev.agentreaper.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesControlPlaneTest {
    @Test
    void aFailedStartTellsWhatItsProgramsSaid(@TempDir Path assets) throws IOException {
        for (String program : new String[] {"etcd", "kube-apiserver"}) {
            Path script = Files.writeString(assets.resolve(program), "#!/bin/sh\necho \"no $0 today\"\nexit 1\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }

        var plane = new KubernetesControlPlane(assets);
        IllegalStateException failure;
        try (var client = new KubernetesApiClient(plane.url(), Optional.empty(), Optional.empty())) {
            failure = catchThrowableOfType(IllegalStateException.class, () -> plane.awaitReady(client));
        }

        assertThat(failure)
                .hasMessageContaining(plane.directory().toString())
                .hasMessageContaining("etcd today")
                .hasMessageContaining("kube-apiserver today");
        Directories.delete(plane.directory());
    }
}
