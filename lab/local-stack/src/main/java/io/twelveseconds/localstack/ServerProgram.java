package io.twelveseconds.localstack;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What the programs have in common: options in, one line when ready, one line instead of
 * a stack trace when not, and an orderly end at SIGTERM.
 */
final class ServerProgram {

	private final Map<String, String> options;

	private ServerProgram(Map<String, String> options) {
		this.options = options;
	}

	static void run(String name, Set<String> optionNames, String[] args, Function<ServerProgram, LocalServer> servers) {
		try {
			LocalServer server = servers.apply(new ServerProgram(parse(optionNames, args)));
			AtomicBoolean stopping = new AtomicBoolean();
			// Before the start, so that a signal during the start leaves nothing behind.
			Runtime.getRuntime().addShutdownHook(new Thread(() -> {
				stopping.set(true);
				server.close();
			}, name + "-stop"));
			server.start();
			System.out.println(name + ": ready on " + server.address());
			server.await();
			if (!stopping.get()) {
				fail(name + ": ended by itself; what it said is above");
			}
		}
		// Whatever it is, the reader of the log needs the reason, not our call stack.
		catch (Exception ex) {
			fail(name + ": not started: " + reason(ex));
		}
	}

	private static void fail(String message) {
		System.err.println(message);
		System.exit(1);
	}

	private static Map<String, String> parse(Set<String> names, String[] args) {
		Map<String, String> options = new HashMap<>();
		for (int i = 0; i < args.length; i += 2) {
			String name = args[i].replaceFirst("^--", "");
			if (!args[i].startsWith("--") || !names.contains(name) || i + 1 == args.length) {
				throw new IllegalArgumentException(
						"cannot read \"%s\"; the options are %s, each with a value".formatted(args[i], names));
			}
			options.put(name, args[i + 1]);
		}
		return options;
	}

	private static String reason(Throwable failure) {
		Throwable cause = failure.getCause();
		String text = (failure.getMessage() != null) ? failure.getMessage() : failure.toString();
		return (cause != null && !text.contains(String.valueOf(cause.getMessage()))) ? text + ": " + reason(cause)
				: text;
	}

	int port(String name, int otherwise) {
		String text = this.options.getOrDefault(name, Integer.toString(otherwise));
		if (!text.matches("[1-9]\\d{0,4}") || Integer.parseInt(text) > 65535) {
			throw new IllegalArgumentException("--%s is \"%s\", not a port number".formatted(name, text));
		}
		return Integer.parseInt(text);
	}

	Path directory(String name) {
		String text = this.options.get(name);
		if (text == null) {
			throw new IllegalArgumentException("the option --" + name + " DIRECTORY is missing");
		}
		return Path.of(text).toAbsolutePath().normalize();
	}

}
