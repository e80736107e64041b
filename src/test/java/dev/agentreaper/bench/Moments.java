package dev.agentreaper.bench;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** When something happened to each of those that have a name, by {@link System#nanoTime}; one may wait for it. */
final class Moments {
    private static final int MINUTES = 2;

    private final Map<String, CompletableFuture<Long>> moments = new ConcurrentHashMap<>();

    /** It happens to this one now. */
    void now(String name) {
        long now = System.nanoTime();
        moment(name).complete(now);
    }

    /** When it happened first. */
    long of(String name) throws InterruptedException {
        try {
            return moment(name).get(MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("still waiting for " + name, e);
        }
    }

    private CompletableFuture<Long> moment(String name) {
        return moments.computeIfAbsent(name, unseen -> new CompletableFuture<>());
    }
}
