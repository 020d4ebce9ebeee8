package io.twelveseconds.demo.command;

import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the wrapper script, the shell and the terminal say about where we are. */
public final class Environment {

	private Environment() {
	}

	/** A system property wins over the environment variable of the same name. */
	public static @Nullable String setting(String name) {
		String value = System.getProperty(name, System.getenv(name));
		return (value == null || value.isBlank()) ? null : value;
	}

	/**
	 * What the option says, else the variable, else the part's own port on this machine.
	 */
	public static URI address(@Nullable URI option, String variable, int port) {
		if (option != null) {
			return option;
		}
		String value = setting(variable);
		return (value != null) ? new HttpAddress().convert(value)
				: URI.create("http://127.0.0.1:" + (port + number("DEMO_PORT_OFFSET", 0)));
	}

	public static int number(String name, int otherwise) {
		String value = setting(name);
		try {
			return (value != null) ? Integer.parseInt(value.strip()) : otherwise;
		}
		catch (NumberFormatException ex) {
			throw new TypeConversionException("%s is '%s', which is not a number".formatted(name, value));
		}
	}

	/** The repository. */
	public static Path root() {
		String root = setting("DEMO_ROOT");
		return Path.of((root != null) ? root : ".");
	}

	/** Where the demo keeps its state. */
	public static Path home() {
		String home = setting("DEMO_HOME");
		return (home != null) ? Path.of(home) : root().resolve(".demo");
	}

	/** Whether we run in a container of docker compose, beside those of the shop. */
	public static boolean isCompose() {
		return "compose".equals(setting("DEMO_STACK"));
	}

	/** Whether what we print can hold more than ASCII. */
	public static boolean unicode() {
		// JDK 19 and newer, then older ones on a terminal; else the default is what
		// System.out uses.
		String encoding = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
		Charset charset = (encoding != null) ? Charset.forName(encoding) : Charset.defaultCharset();
		return charset.equals(StandardCharsets.UTF_8);
	}

	/** Turns an option into an address that an HTTP client will take. */
	public static final class HttpAddress implements ITypeConverter<URI> {

		@Override
		public URI convert(String value) {
			try {
				URI address = URI.create(value.strip().replaceAll("/+$", ""));
				if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
					return address;
				}
			}
			catch (IllegalArgumentException ex) {
				// Falls through to the same complaint as a missing host.
			}
			throw new TypeConversionException("'%s' is not an address such as http://127.0.0.1:8080".formatted(value));
		}

	}

}
