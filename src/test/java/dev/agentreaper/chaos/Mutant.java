package dev.agentreaper.chaos;

import static java.lang.constant.ConstantDescs.CD_boolean;

import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.removal.GhostRemover;
import dev.agentreaper.simulator.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The built program with one of its safeguards taken out, to see that the oracle misses it. */
enum Mutant {
    /** No pod is ever found to be live right before a DELETE. */
    WITHOUT_LIVE_RECHECK(GhostRemover.class, "hasLivePod", returning(false)),

    /** Placeholders are agents like any other. */
    WITHOUT_PROTECTED(KeepReason.class, "keeps", falseFor("PROTECTED")),

    /** An id that is not there is taken for an agent that is not there. */
    WITH_404_FOR_SUCCESS(AgentPool.class, "delete", returning(true));

    private static final Path BUILT = Path.of("target", "quarkus-app");

    private final Class<?> changed;
    private final String method;
    // They hold constants alone.
    @SuppressWarnings("ImmutableEnumChecker")
    private final CodeTransform change;

    Mutant(Class<?> changed, String method, CodeTransform change) {
        this.changed = changed;
        this.method = method;
        this.change = change;
    }

    /** Makes it in this directory, which it creates, and gives its {@code quarkus-run.jar}. */
    Path make(Path directory) throws IOException {
        Directories.copy(BUILT, directory);
        try (Stream<Path> jars = Files.list(directory.resolve("app"))) {
            jars.filter(jar -> jar.toString().endsWith(".jar")).forEach(this::mutate);
        }
        return directory.resolve("quarkus-run.jar");
    }

    private static CodeTransform returning(boolean answer) {
        return (code, element) -> {
            if (element instanceof ReturnInstruction) {
                code.pop().loadConstant(answer ? 1 : 0);
            }
            code.with(element);
        };
    }

    private static CodeTransform falseFor(String reason) {
        ClassDesc keepReason = KeepReason.class.describeConstable().orElseThrow();
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                code.aload(0)
                        .getstatic(keepReason, reason, keepReason)
                        .ifThen(Opcode.IF_ACMPEQ, then -> then.iconst_0().ireturn());
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        };
    }

    private void mutate(Path jar) {
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            Path file = files.getPath(changed.getName().replace('.', '/') + ".class");
            ClassFile classFile = ClassFile.of();
            byte[] before = Files.readAllBytes(file);
            byte[] after = classFile.transformClass(
                    classFile.parse(before),
                    ClassTransform.transformingMethodBodies(
                            candidate -> candidate.methodName().equalsString(method)
                                    && candidate.methodTypeSymbol().returnType().equals(CD_boolean),
                            change));
            Files.write(file, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
