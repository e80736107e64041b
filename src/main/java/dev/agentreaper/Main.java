package dev.agentreaper;

final class Main {
    private Main() {}
}
