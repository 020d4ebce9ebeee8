package io.twelveseconds.demo.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.twelveseconds.demo.command.DemoException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The faults of a stack, and the file in which they are switched. It has the format of
 * flagd, which may read it as well; what there is to be switched comes from the file that
 * {@code lab/fault-injection} ships.
 */
public final class FaultSwitches {

	static final String OFF = "off";

	static final String ON = "on";

	/** A part of what services take: a number without its unit says too little. */
	private static final String TIME = "\\d{1,9}(ms|s|m)";

	private final Path builtIn;

	private final Path file;

	public FaultSwitches(Path builtIn, Path file) {
		this.builtIn = builtIn;
		this.file = file;
	}

	/** What there is to be switched, in the repository. */
	static Path builtIn(Path root) {
		return root.resolve("lab/fault-injection/src/main/resources/faults.json");
	}

	/** Every fault, on or off. */
	public List<Fault> list() {
		List<Fault> faults = new ArrayList<>();
		current().path("flags").properties().forEach((flag) -> faults.add(fault(flag.getKey(), flag.getValue())));
		return faults;
	}

	/** The fault of that name. */
	public Fault fault(String name) {
		return fault(name, flag(current(), name));
	}

	/**
	 * Switches one on.
	 * @param parameters what is to be other than usual, such as {@code every} = 3
	 */
	public Fault on(String name, Map<String, String> parameters) {
		ObjectNode builtIn = flag(read(this.builtIn), name);
		ObjectNode usual = (ObjectNode) builtIn.path("variants").path(ON).deepCopy();
		parameters.forEach((parameter, value) -> put(usual, name, builtIn, parameter, value));
		change((flags) -> {
			((ObjectNode) flag(flags, name).path("variants")).set(ON, usual);
			flag(flags, name).put("defaultVariant", ON);
		});
		return fault(name);
	}

	private static void put(ObjectNode usual, String name, ObjectNode builtIn, String parameter, String value) {
		JsonNode before = usual.path(parameter);
		List<String> beans = builtIn.path("variants").findValues("bean").stream().map(JsonNode::asString).toList();
		// Which bean does the work is not counted.
		boolean number = before.isNumber() || beans.isEmpty() && parameter.matches("every|seed");
		if (before.isMissingNode() && !number) {
			throw new UnknownFaultException("The fault %s has no parameter '%s'; it has: %s%s".formatted(name,
					parameter, String.join(", ", usual.propertyNames()), beans.isEmpty() ? ", every, seed" : ""));
		}
		if (!beans.isEmpty() && !beans.contains(value)) {
			throw new UnknownFaultException(
					"%s=%s: one of %s is needed".formatted(parameter, value, String.join(", ", beans)));
		}
		if (number && !value.matches("\\d{1,9}")) {
			throw new UnknownFaultException("%s=%s: a whole number is needed".formatted(parameter, value));
		}
		if (before.isBoolean() && !value.matches("true|false")) {
			throw new UnknownFaultException("%s=%s: true or false is needed".formatted(parameter, value));
		}
		if (before.isString() && before.asString().matches(TIME) && !value.matches(TIME)) {
			throw new UnknownFaultException(
					"%s=%s: a time with its unit is needed, such as 500ms, 3s or 2m".formatted(parameter, value));
		}
		usual.set(parameter,
				(number || before.isBoolean()) ? JsonMapper.shared().readTree(value) : usual.stringNode(value));
	}

	/** Switches one off. */
	public Fault off(String name) {
		change((flags) -> flag(flags, name).put("defaultVariant", OFF));
		return fault(name);
	}

	/** Switches off whatever is on, and says what that was. */
	List<Fault> allOff() {
		List<Fault> on = list().stream().filter(Fault::isOn).toList();
		return on.stream().map((fault) -> off(fault.name())).toList();
	}

	/**
	 * Makes sure that the file is there and has what is built in; what is on stays on.
	 */
	void prepare() {
		if (Files.exists(this.builtIn)) {
			writeAgain();
		}
	}

	/**
	 * So that the file has a new time. flagd's provider overlooks a change between its
	 * first look at the file and at the file's time.
	 */
	void writeAgain() {
		change((flags) -> {
		});
	}

	boolean isThere() {
		return Files.exists(this.file);
	}

	Path file() {
		return this.file;
	}

	/** What is built in, as it is switched in the file. */
	private ObjectNode current() {
		ObjectNode flags = read(this.builtIn);
		inFile().forEach((switched) -> {
			boolean on = switched.getValue().path("defaultVariant").asString("").equals(ON);
			if (on && flags.path("flags").path(switched.getKey()) instanceof ObjectNode flag) {
				flag.put("defaultVariant", ON);
				((ObjectNode) flag.path("variants")).set(ON, switched.getValue().path("variants").path(ON));
			}
		});
		return flags;
	}

	private Set<Map.Entry<String, JsonNode>> inFile() {
		return isThere() ? read(this.file).path("flags").properties() : Set.of();
	}

	private ObjectNode flag(ObjectNode flags, String name) {
		if (flags.path("flags").path(name) instanceof ObjectNode flag) {
			return flag;
		}
		throw new UnknownFaultException("There is no fault '%s'. The faults are: %s".formatted(name,
				String.join(", ", flags.path("flags").propertyNames())));
	}

	private static Fault fault(String name, JsonNode flag) {
		String variant = flag.path("defaultVariant").asString("");
		JsonNode metadata = flag.path("metadata");
		Map<String, String> parameters = new LinkedHashMap<>();
		flag.path("variants")
			.path(ON)
			.properties()
			.forEach((parameter) -> parameters.put(parameter.getKey(), parameter.getValue().asString()));
		return new Fault(name, metadata.path("service").asString(""), metadata.path("edge").asString(""),
				metadata.path("at").asString(""), metadata.path("description").asString(""), !variant.equals(OFF),
				parameters);
	}

	private static ObjectNode read(Path file) {
		try {
			if (JsonMapper.shared().readTree(Files.readString(file)) instanceof ObjectNode json) {
				return json;
			}
			throw new DemoException("%s is not a file of flags".formatted(file));
		}
		catch (IOException | JacksonException ex) {
			throw new DemoException("The flags in %s cannot be read: %s".formatted(file, ex.getMessage()), ex);
		}
	}

	/**
	 * One at a time, in this process and in all: who writes what he read a moment ago
	 * would take back what another has switched meanwhile.
	 */
	private void change(Consumer<ObjectNode> change) {
		synchronized (FaultSwitches.class) {
			try {
				Files.createDirectories(this.file.getParent());
				try (FileChannel lock = FileChannel.open(this.file.resolveSibling("flags.lock"),
						StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock mine = lock.lock()) {
					Objects.requireNonNull(mine);
					ObjectNode flags = current();
					change.accept(flags);
					// Flags of others are no faults, but stay as well.
					inFile().forEach(
							(flag) -> ((ObjectNode) flags.path("flags")).putIfAbsent(flag.getKey(), flag.getValue()));
					write(flags);
				}
			}
			catch (IOException ex) {
				throw new DemoException("%s cannot be written: %s".formatted(this.file, ex), ex);
			}
		}
	}

	/**
	 * As a whole or not at all: the services may read it at this very moment. flagd's
	 * provider sees a change by the file's time alone, in milliseconds, so no two writes
	 * may share one.
	 */
	private void write(ObjectNode flags) throws IOException {
		// One that others may read, unlike a temporary file of the JDK's.
		Path fresh = this.file.resolveSibling("flags-%s.new".formatted(UUID.randomUUID()));
		try {
			Files.writeString(fresh, flags.toPrettyString() + "\n");
			long before = this.file.toFile().lastModified();
			Files.setLastModifiedTime(fresh, FileTime.fromMillis(Math.max(System.currentTimeMillis(), before + 1)));
			Files.move(fresh, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		finally {
			Files.deleteIfExists(fresh);
		}
	}

	/**
	 * One fault.
	 *
	 * @param service whose it is
	 * @param edge where it strikes
	 * @param at what it strikes there
	 * @param parameters what it does when it is on
	 */
	public record Fault(String name, String service, String edge, String at, String description, boolean isOn,
			Map<String, String> parameters) {

		/** As its service tells it, at {@code /actuator/info}. */
		String seen() {
			return this.isOn ? ON + " " + new TreeMap<>(this.parameters) : OFF;
		}

		String told() {
			return this.parameters.entrySet()
				.stream()
				.map((parameter) -> parameter.getKey() + "=" + parameter.getValue())
				.collect(Collectors.joining(" "));
		}

	}

	/** Which is a mistake in the command line. */
	public static final class UnknownFaultException extends DemoException {

		private static final long serialVersionUID = 1L;

		UnknownFaultException(String message) {
			super(message);
		}

	}

}
