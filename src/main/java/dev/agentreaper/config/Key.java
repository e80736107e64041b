package dev.agentreaper.config;

/** The settings: their names in the environment and in {@code application.yaml}, and a right value of each. */
public enum Key {
    MODE("REAPER_MODE", "reaper.mode", "dry-run"),
    SHUTDOWN_TIMEOUT("REAPER_SHUTDOWN_TIMEOUT", "reaper.shutdown-timeout", "20s"),
    CA_FILE("REAPER_CA_FILE", "reaper.ca-file", "/etc/ssl/company-ca.pem"),
    LOG_FORMAT("REAPER_LOG_FORMAT", "reaper.log-format", "json"),

    URL("AZP_URL", "url", "https://dev.azure.com/my-org"),
    POOL("AZP_POOL", "pool", "my-pool"),
    TOKEN_FILE("AZP_TOKEN_FILE", "token-file", "/etc/azure-devops/token"),
    TOKEN("AZP_TOKEN", "token", "a personal access token of 84 characters"),
    TENANT_ID("AZURE_TENANT_ID", "entra.tenant-id", "11111111-2222-3333-4444-555555555555"),
    CLIENT_ID("AZURE_CLIENT_ID", "entra.client-id", "66666666-7777-8888-9999-000000000000"),
    FEDERATED_TOKEN_FILE(
            "AZURE_FEDERATED_TOKEN_FILE",
            "entra.federated-token-file",
            "/var/run/secrets/azure/tokens/azure-identity-token"),
    CLIENT_SECRET("AZURE_CLIENT_SECRET", "entra.client-secret", "the value of a secret of the client"),
    AUTHORITY_HOST("AZURE_AUTHORITY_HOST", "entra.authority-host", "https://login.microsoftonline.com"),
    /** Under the name by which Microsoft's own libraries know it: what stands in for the metadata service of the machine. */
    METADATA_HOST("AZURE_POD_IDENTITY_AUTHORITY_HOST", "entra.pod-identity-authority-host", "http://169.254.169.254"),
    NAMESPACES("REAPER_NAMESPACES", "namespaces", "agents,more-agents"),
    POD_SELECTOR("REAPER_POD_SELECTOR", "pod-selector", "app=azdevops-agent"),
    AGENT_NAME("REAPER_AGENT_NAME", "agent-name", "{agent}"),
    PROTECT("REAPER_PROTECT", "protect", "keep-*,build-vm-1"),
    CAPABILITIES("REAPER_CAPABILITIES", "capabilities", "CLUSTER=prod-1"),
    API_VERSION("AZP_API_VERSION", "api-version", "7.1"),
    RETRY_FOR("REAPER_RETRY_FOR", "retry-for", "15m"),
    SWEEP_EVERY("REAPER_SWEEP_EVERY", "sweep.every", "5m"),
    SWEEP_AGENTS("REAPER_SWEEP_AGENTS", "sweep.agents", "azdevops-agent-*"),
    SWEEP_OFFLINE_FOR("REAPER_SWEEP_OFFLINE_FOR", "sweep.offline-for", "10m"),
    SWEEP_MAX_REMOVALS("REAPER_SWEEP_MAX_REMOVALS", "sweep.max-removals", "200");

    private final String variable;
    private final String yaml;
    private final String example;

    Key(String variable, String yaml, String example) {
        this.variable = variable;
        this.yaml = yaml;
        this.example = example;
    }

    /** Its name in the environment. */
    public String variable() {
        return variable;
    }

    /** Its name in the file: the whole of it, or what follows {@code reaper.pools.<name>.}. */
    public String yaml() {
        return yaml;
    }

    String example() {
        return example;
    }

    boolean isOfPools() {
        return !yaml.startsWith("reaper.");
    }

    /** Whether it holds a secret, or may by mistake. */
    boolean isSecret() {
        return switch (this) {
            case TOKEN, TOKEN_FILE, TENANT_ID, CLIENT_ID, FEDERATED_TOKEN_FILE, CLIENT_SECRET -> true;
            default -> false;
        };
    }

    /** Whether it is an address. */
    boolean isUrl() {
        return this == URL || this == AUTHORITY_HOST || this == METADATA_HOST;
    }
}
