# make demo           the main job on embedded simulators: no cluster, no account
# make test           all tests; KUBEBUILDER_ASSETS adds those on a real API server
# make bench          how fast it reacts and what it costs, beside its peers
# make bench-hot-path time and allocation of what an event goes through, in JMH
# make mutants        whether a test fails for each small change of the decision (PIT)
# make soak           an hour of chaos, or MINUTES=n, with SEED=n as one likes
# make build          target/quarkus-app/quarkus-run.jar
# make native         target/agent-reaper, with GRAALVM_HOME or the container builder
# make test-native    the end-to-end tests on target/agent-reaper
# make image          the container image, with docker, podman or buildah

# The first JDK of at least this version: JAVA_HOME, the default java, then what is installed beside it.
JDK := 25
JAVA_HOME := $(shell for home in "$$JAVA_HOME" "$$(dirname "$$(dirname "$$(readlink -f "$$(command -v java)")")")" \
	/usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$$HOME"/.sdkman/candidates/java/*; do \
	version=$$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$$home/release" 2>/dev/null); \
	if [ -x "$$home/bin/javac" ] && [ "$${version:-0}" -ge $(JDK) ]; then echo "$$home"; break; fi; done)
export JAVA_HOME
# Maven's own libraries use what newer JDKs warn of.
export MAVEN_OPTS := --sun-misc-unsafe-memory-access=allow $(MAVEN_OPTS)
MVN := mvn -B -ntp -Dstyle.color=never
QUIET := $(MVN) -q

# A condition of the shell.
CAN_BUILD_NATIVE := { [ -n "$(GRAALVM_HOME)" ] || docker version >/dev/null 2>&1 || podman version >/dev/null 2>&1; }

VERSION := $(shell sed -n 's:^  <version>\(.*\)</version>$$:\1:p' pom.xml)
IMAGE ?= agent-reaper:$(VERSION)

.PHONY: demo bench bench-hot-path mutants soak test build native test-native image java format clean jdk simulator-proof

demo: build
	@"$$JAVA_HOME/bin/java" -cp "target/test-classes:target/quarkus-app/lib/main/*" dev.agentreaper.demo.Demo $(if $(KEEP),--keep)

# On the JVM and natively, where an executable can be built or EXECUTABLE names one; ONLY="reaction burst" takes those alone,
# SMALL=1 only shows that each works. The heap is that of the simulators, which hold up to 50,000 pods.
bench: build
	@if [ -n "$(EXECUTABLE)" ]; then executable=$(EXECUTABLE); elif $(CAN_BUILD_NATIVE); then executable=target/agent-reaper; \
		if [ ! -e $$executable ] || [ -n "$$(find pom.xml src/main -newer $$executable)" ]; then $(MAKE) native || exit; fi; fi; \
	"$$JAVA_HOME/bin/java" -Xmx1g -cp "target/test-classes:target/quarkus-app/lib/main/*" dev.agentreaper.bench.Bench \
		$${executable:+--native=$$executable} $(if $(SMALL),--small) $(ONLY)

# Time and allocation of decoding and deciding alone. JMH=... are options of its own, for example JMH="-f 1 Decision".
bench-hot-path: build
	@$(QUIET) dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/test-classpath
	@"$$JAVA_HOME/bin/java" -cp "target/classes:target/test-classes:$$(cat target/test-classpath)" org.openjdk.jmh.Main \
		-prof gc -rf json -rff target/bench-hot-path.json $(JMH)

# Each mutant that survives is listed in target/pit-reports, and makes this fail.
mutants: jdk
	@$(QUIET) test-compile
	$(MVN) org.pitest:pitest-maven:mutationCoverage

# On the JVM, or EXECUTABLE; one of its two clusters has a real API server if KUBEBUILDER_ASSETS is set.
soak: build
	@"$$JAVA_HOME/bin/java" $(if $(EXECUTABLE),-Dagent.reaper.executable=$(EXECUTABLE)) \
		-cp "target/test-classes:target/quarkus-app/lib/main/*" dev.agentreaper.chaos.Soak $(or $(MINUTES),60) $(SEED)

test: jdk simulator-proof
	$(MVN) verify $(TEST_OPTIONS)
	@src/test/left-out.sh target/surefire-reports target/failsafe-reports

build: jdk
	@echo "building: some minutes the first time, while Maven fetches what it needs"
	@$(QUIET) package -DskipTests

native: jdk
	@if ! $(CAN_BUILD_NATIVE); then echo "To build the executable, set GRAALVM_HOME to a GraalVM or Mandrel for JDK $(JDK) (https://github.com/graalvm/mandrel/releases), or install Docker (its engine must run) or Podman." >&2; exit 1; fi
	$(MVN) package -DskipTests -Dquarkus.native.enabled=true \
		$(if $(GRAALVM_HOME),,-Dquarkus.native.container-build=true)

test-native: jdk
	@if [ ! -x target/agent-reaper ]; then echo "There is no target/agent-reaper to test. Build it first: make native" >&2; exit 1; fi
	$(MVN) test-compile failsafe:integration-test failsafe:verify -Dagent.reaper.executable=target/agent-reaper $(TEST_OPTIONS)
	@src/test/left-out.sh target/failsafe-reports

# With the first of these that works. IMAGE_OPTIONS go to its build, for example --build-arg BASE_IMAGE=...
image:
	@for builder in docker podman buildah; do if $$builder version >/dev/null 2>&1; then \
		exec $$builder build -f Dockerfile.native -t $(IMAGE) --build-arg VERSION=$(VERSION) \
			--build-arg REVISION="$$(git rev-parse HEAD 2>/dev/null)" $(IMAGE_OPTIONS) .; fi; done; \
	echo "To build an image, install Docker (https://docs.docker.com/engine/install; its engine must run), Podman (https://podman.io) or Buildah (https://buildah.io)." >&2; exit 1

# The java that fits, to run what was built: $$(make -s java) -jar target/quarkus-app/quarkus-run.jar
java: jdk
	@echo "$(JAVA_HOME)/bin/java"

format: jdk
	$(QUIET) spotless:apply

clean: jdk
	$(QUIET) clean

# Microsoft's own client, with which the tests prove the simulator of Azure DevOps.
simulator-proof:
	@if command -v npm >/dev/null; then cd src/test/node && npm ci --silent --no-audit --no-fund; fi

jdk:
	@if [ -z "$(JAVA_HOME)" ]; then echo "No JDK $(JDK) or newer was found. Install one (https://adoptium.net) and set JAVA_HOME to it, for example: JAVA_HOME=/usr/lib/jvm/temurin-$(JDK)-jdk-amd64 make test" >&2; exit 1; fi
	@if ! command -v mvn >/dev/null; then echo "Maven was not found. Install it (https://maven.apache.org/install.html), version 3.8.6 or newer." >&2; exit 1; fi
