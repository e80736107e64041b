package dev.agentreaper.command;

/** How a command's result is written. */
enum OutputFormat {
    TEXT,
    JSON
}
