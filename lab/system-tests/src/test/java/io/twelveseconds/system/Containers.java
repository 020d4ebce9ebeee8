package io.twelveseconds.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * As {@code docker compose up} runs it, as a project of its own: with the repository's
 * {@code .env}, but for the ports, and with Prometheus.
 */
final class Containers implements Deployment {

	/** What {@code ./demo} asks for, since it may not command Docker from within. */
	private static final Pattern WISH = Pattern.compile("Now, in another terminal: docker compose (kill|start) (\\S+)");

	private static final Pattern PORT = Pattern.compile("(?m)^(\\w+_PORT)=(\\d+)$");

	private final Path root;

	private final Path environment = Path.of("target", "compose.env").toAbsolutePath();

	Containers(Path root) {
		this.root = root;
		try {
			String variables = PORT.matcher(Files.readString(root.resolve(".env")))
				.replaceAll((port) -> port.group(1) + "=" + (Integer.parseInt(port.group(2)) + OFFSET));
			Files.createDirectories(this.environment.getParent());
			Files.writeString(this.environment, variables + "COMPOSE_PROFILES=metrics\n");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Override
	public void up() {
		down();
		compose("--profile", "cli", "build", "--quiet");
		compose("up", "--wait", "--quiet-pull");
	}

	@Override
	public void down() {
		compose("down", "--volumes");
	}

	@Override
	public void stop(String part) {
		compose("stop", part);
	}

	@Override
	public void kill(String part) {
		compose("kill", part);
	}

	@Override
	public void start(String part) {
		compose("up", "--wait", "--no-deps", "--no-recreate", part);
	}

	@Override
	public void freeze(String part) {
		compose("pause", part);
	}

	@Override
	public void thaw(String part) {
		compose("unpause", part);
	}

	@Override
	public void sampling(String name) {
		try {
			Files.writeString(this.environment,
					Files.readString(this.environment).replaceAll("(?m)^SAMPLING=.*$", "SAMPLING=" + name));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		compose("up", "--wait");
	}

	@Override
	public String log(String part) {
		return compose("logs", "--no-log-prefix", "--no-color", part);
	}

	@Override
	public String demo(String... arguments) {
		List<String> command = command(
				Stream.concat(Stream.of("run", "--rm", "-T", "demo"), Stream.of(arguments)).toArray(String[]::new));
		return Commands.output(this.root, Map.of(), command, (line) -> {
			Matcher wish = WISH.matcher(line);
			if (wish.find()) {
				compose(wish.group(1), wish.group(2));
			}
		});
	}

	private String compose(String... arguments) {
		return Commands.output(this.root, Map.of(), command(arguments));
	}

	private List<String> command(String... arguments) {
		List<String> command = new ArrayList<>(List.of("docker", "compose", "--progress", "quiet", "--project-name",
				"twelve-seconds-system-tests", "--env-file", this.environment.toString()));
		command.addAll(List.of(arguments));
		return command;
	}

}
