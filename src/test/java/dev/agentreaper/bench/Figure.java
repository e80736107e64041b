package dev.agentreaper.bench;

/** What is counted or timed, and in what; the less of it, the better. */
record Figure(String name, String unit) {}
