package io.twelveseconds.demo.part;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.command.WholeFile;
import picocli.CommandLine.TypeConversionException;

/**
 * What the next command must know of a stack: the files in {@code run} under its home,
 * one for each part that was started.
 */
public final class RunDirectory {

	private final Path home;

	private final Path run;

	public RunDirectory(Path home) {
		this.home = home;
		this.run = home.resolve("run");
	}

	/** Which stack was started and has not been stopped as a whole since. */
	public Optional<Stack> kind() {
		try {
			return Files.exists(kindFile()) ? Stack.requested(Files.readString(kindFile())) : Optional.empty();
		}
		catch (TypeConversionException ex) {
			throw new DemoException(
					"%s is damaged: it must say embedded or native. Write into it which of them was started."
						.formatted(kindFile()),
					ex);
		}
		catch (IOException ex) {
			throw new DemoException("The state in %s cannot be read: %s".formatted(this.home, ex), ex);
		}
	}

	public void remember(Stack kind) throws IOException {
		WholeFile.write(kindFile(), kind + "\n");
	}

	public void forgetKind() {
		try {
			Files.deleteIfExists(kindFile());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path kindFile() {
		return this.run.resolve("stack");
	}

	/** The offset of the ports of what runs; empty if nothing does. */
	public OptionalInt portOffset() {
		if (!Files.isDirectory(this.run)) {
			return OptionalInt.empty();
		}
		try (Stream<Path> files = Files.list(this.run)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".json"))
				.map((name) -> name.substring(0, name.length() - ".json".length()))
				.filter(this::isReadable)
				.flatMap((part) -> part(part).stream())
				.filter(RunningPart::isAlive)
				.mapToInt(RunningPart::portOffset)
				.findFirst();
		}
		catch (IOException ex) {
			throw new DemoException("The state in %s cannot be read: %s".formatted(this.run, ex), ex);
		}
	}

	/** Whoever needs a damaged file itself will complain about it. */
	public boolean isReadable(String part) {
		try {
			part(part);
			return true;
		}
		catch (DemoException ex) {
			return false;
		}
	}

	/** What is remembered of the part, dead or alive. */
	public Optional<RunningPart> part(String name) {
		return RunningPart.read(this.run, name);
	}

	/** The part, if it runs: it goes on with what it was started with. */
	public Optional<RunningPart> running(String name) {
		return part(name).filter(RunningPart::isAlive);
	}

	public void remember(RunningPart running) throws IOException {
		running.write(this.run);
	}

	public void forget(Part part) {
		try {
			RunningPart.delete(this.run, part.name());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Starting and stopping at the same time would only do harm. */
	public <T> T alone(Supplier<T> work) {
		try {
			Files.createDirectories(this.run);
		}
		catch (IOException ex) {
			throw new DemoException("%s cannot be written: %s".formatted(this.home, ex), ex);
		}
		try (FileChannel channel = FileChannel.open(this.run.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
			if (lock == null) {
				throw new OverlappingFileLockException();
			}
			return work.get();
		}
		catch (OverlappingFileLockException ex) {
			throw new DemoException(
					"Another ./demo is starting or stopping parts in %s; wait until it is done.".formatted(this.home),
					ex);
		}
		catch (IOException ex) {
			throw new DemoException("The lock in %s cannot be taken: %s".formatted(this.run, ex), ex);
		}
	}

}
