package io.twelveseconds.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.awaitility.Awaitility.await;

/** A copy of the flags of the tests, which a test switches as {@code ./demo} does. */
final class FlagFile {

	private final Path file;

	private final ObjectNode json;

	FlagFile(Path directory) {
		this.file = directory.resolve("flags.json");
		try {
			this.json = (ObjectNode) JsonMapper.shared()
				.readTree(Files.readString(Path.of("src/test/resources/faults.json")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		write();
	}

	Path path() {
		return this.file;
	}

	FlagFile set(String flag, String variant) {
		flag(flag).put("defaultVariant", variant);
		return write();
	}

	/** Replaces what the variant {@code on} says, and switches it on. */
	FlagFile on(String flag, Map<String, Object> parameters) {
		((ObjectNode) flag(flag).path("variants")).set("on", JsonMapper.shared().valueToTree(parameters));
		return set(flag, "on");
	}

	FlagFile allOff() {
		this.json.path("flags").forEach((flag) -> ((ObjectNode) flag).put("defaultVariant", "off"));
		return write();
	}

	FlagFile add(String flag, String like) {
		((ObjectNode) this.json.path("flags")).set(flag, flag(like).deepCopy());
		return write();
	}

	private ObjectNode flag(String name) {
		return (ObjectNode) this.json.path("flags").path(name);
	}

	/**
	 * Writes it again now and then: a change is overlooked that comes between the first
	 * look of flagd's provider at the file and at the file's time.
	 */
	void awaitSeen(Callable<Boolean> seen) {
		Instant[] written = { Instant.now() };
		await("seen").until(() -> {
			if (seen.call()) {
				return true;
			}
			if (written[0].plusSeconds(2).isBefore(Instant.now())) {
				write();
				written[0] = Instant.now();
			}
			return false;
		});
	}

	private FlagFile write() {
		try {
			Path fresh = this.file.resolveSibling("flags.new");
			Files.writeString(fresh, this.json.toPrettyString());
			Files.move(fresh, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
