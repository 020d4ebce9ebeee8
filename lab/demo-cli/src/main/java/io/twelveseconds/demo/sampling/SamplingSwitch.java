package io.twelveseconds.demo.sampling;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.twelveseconds.demo.command.DemoException;
import io.twelveseconds.demo.part.Part;
import io.twelveseconds.demo.part.RunningPart;
import io.twelveseconds.demo.part.Stack;
import io.twelveseconds.demo.stack.LocalStack;
import io.twelveseconds.demo.stack.Progress;
import io.twelveseconds.demo.stack.Startup;
import io.twelveseconds.demo.telemetry.Sampling;

/** Puts another way of sampling to use, and restarts what must be restarted for it. */
final class SamplingSwitch {

	private final Path root;

	private final Path home;

	private final Supplier<LocalStack> stack;

	private final Progress progress;

	/**
	 * @param stack as it would be started now
	 */
	SamplingSwitch(Path root, Path home, Supplier<LocalStack> stack, Progress progress) {
		this.root = root;
		this.home = home;
		this.stack = stack;
		this.progress = progress;
	}

	Sampling inUse() {
		return Sampling.inUse(this.root, this.home);
	}

	/**
	 * Returns when it is in use, and everything is ready again. What does not run, or was
	 * never ready, may be left from a switch that failed, and is seen to as well.
	 */
	void use(Sampling now) {
		LocalStack before = this.stack.get();
		Sampling was = inUse();
		if (now.needsCollector() && before.kind() == Stack.EMBEDDED) {
			throw new DemoException(
					"%s is decided in the Collector, which the embedded stack does not have: ".formatted(now.name())
							+ "./demo down && ./demo tools && ./demo up --stack native");
		}
		boolean up = before.parts().stream().anyMatch((part) -> before.running(part).isPresent());
		List<String> stopped = new ArrayList<>();
		List<String> started = new ArrayList<>();
		for (Part part : before.parts()) {
			if (!part.isService() && !part.name().equals("collector")) {
				continue;
			}
			Optional<RunningPart> running = before.running(part);
			boolean restart = running.filter((it) -> isOther(part, it, was, now)).isPresent();
			boolean wasReady = running.filter((it) -> it.startupMillis() != null).isPresent();
			if (restart) {
				stopped.add(part.name());
			}
			if (restart || (up && !wasReady)) {
				started.add(part.name());
			}
		}
		requireNeeds(before, started);
		Collections.reverse(stopped);
		stopped.forEach((part) -> before.kill(part, false));
		now.remember(this.home);
		if (started.isEmpty()) {
			// A start of nothing would write down that this stack has been started.
			return;
		}
		LocalStack after = this.stack.get();
		new Startup(after, after.parts().stream().filter((part) -> started.contains(part.name())).toList(),
				this.progress)
			.run();
	}

	/** An agent may also have been started from a shell with a share of its own. */
	private static boolean isOther(Part part, RunningPart running, Sampling was, Sampling now) {
		return part.isService() ? !was.agent(part.name()).equals(now.agent(part.name()))
				|| was.headShare(running.headShare()) != now.headShare() : !was.equals(now);
	}

	/** A start that must fail is not begun by stopping what runs. */
	private static void requireNeeds(LocalStack stack, List<String> started) {
		for (String name : started) {
			for (String need : stack.part(name).needs()) {
				if (!started.contains(need) && stack.running(stack.part(need)).isEmpty()) {
					throw new DemoException("%s needs %s, which does not run: ./demo start %2$s, or ./demo up for all"
						.formatted(name, need));
				}
			}
		}
	}

}
