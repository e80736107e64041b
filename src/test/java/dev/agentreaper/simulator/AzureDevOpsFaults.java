package dev.agentreaper.simulator;

import dev.agentreaper.simulator.AzureDevOpsFault.Altered;
import dev.agentreaper.simulator.AzureDevOpsFault.Delayed;
import dev.agentreaper.simulator.AzureDevOpsFault.Instead;
import dev.agentreaper.simulator.AzureDevOpsFault.Sometimes;
import dev.agentreaper.simulator.AzureDevOpsFault.Unanswered;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The faults in force. The oldest one that matches a call applies to it, and no other. */
final class AzureDevOpsFaults {
    private final List<Active> active = new ArrayList<>();
    private final UnaryOperator<Response> stamp;

    /** @param stamp adds the headers that every answer has, faulty or not */
    AzureDevOpsFaults(UnaryOperator<Response> stamp) {
        this.stamp = stamp;
    }

    synchronized AzureDevOpsFault.Handle add(AzureDevOpsFault fault, int calls, Set<AzureDevOpsOperation> operations) {
        Active added = new Active(fault, calls, operations);
        active.add(added);
        return added;
    }

    synchronized void clearAll() {
        active.forEach(Active::release);
        active.clear();
    }

    /** The answer; none where the connection is reset in its place. */
    Optional<Response> answer(AzureDevOpsOperation operation, Supplier<Response> service) throws InterruptedException {
        Supplier<Response> stamped = () -> stamp.apply(service.get());
        Optional<Active> matching = next(operation);
        if (matching.isEmpty()) {
            return Optional.of(stamped.get());
        }
        return answer(matching.get(), matching.get().fault, stamped);
    }

    private Optional<Response> answer(Active active, AzureDevOpsFault fault, Supplier<Response> stamped)
            throws InterruptedException {
        return switch (fault) {
            case Instead(Response response) -> Optional.of(stamp.apply(response));
            case Altered(UnaryOperator<Response> change) -> Optional.of(change.apply(stamped.get()));
            case Delayed delayed -> {
                Thread.sleep(delayed.delay());
                yield Optional.of(stamped.get());
            }
            case Sometimes(AzureDevOpsFault other, Random random) ->
                random.nextBoolean() ? answer(active, other, stamped) : Optional.of(stamped.get());
            case Unanswered.RESET -> Optional.empty();
            case Unanswered.SILENCE -> {
                active.cleared.await();
                yield Optional.empty();
            }
            case Unanswered.ANSWER_LOST -> {
                var _ = stamped.get();
                yield Optional.empty();
            }
        };
    }

    private synchronized Optional<Active> next(AzureDevOpsOperation operation) {
        Optional<Active> matching = active.stream()
                .filter(fault -> fault.callsLeft > 0 && fault.operations.contains(operation))
                .findFirst();
        matching.ifPresent(fault -> fault.callsLeft--);
        return matching;
    }

    private final class Active implements AzureDevOpsFault.Handle {
        private final AzureDevOpsFault fault;
        private final Set<AzureDevOpsOperation> operations;
        private final CountDownLatch cleared = new CountDownLatch(1);
        private int callsLeft;

        Active(AzureDevOpsFault fault, int calls, Set<AzureDevOpsOperation> operations) {
            this.fault = fault;
            this.callsLeft = calls;
            this.operations = operations;
        }

        @Override
        public void clear() {
            synchronized (AzureDevOpsFaults.this) {
                active.remove(this);
            }
            release();
        }

        private void release() {
            cleared.countDown();
        }
    }
}
