package io.twelveseconds.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Puts another way of sampling to use, and restarts what must be restarted for it. */
final class SamplingSwitch {

	private final Path root;

	private final Path home;

	private final Progress progress;

	SamplingSwitch(Path root, Path home, Progress progress) {
		this.root = root;
		this.home = home;
		this.progress = progress;
	}

	Sampling inUse() {
		return Sampling.inUse(this.root, this.home);
	}

	/** Returns when it is in use, and everything is ready again. */
	void use(Sampling now) {
		LocalStack before = LocalStack.here();
		Sampling was = inUse();
		if (now.needsCollector() && before.kind() == Stack.EMBEDDED) {
			throw new DemoException(
					"%s is decided in the Collector, which the embedded stack does not have: ".formatted(now.name())
							+ "./demo down && ./demo tools && ./demo up --stack native");
		}
		List<String> restarted = new ArrayList<>();
		for (Part part : before.parts()) {
			boolean affected = part.isService() ? !was.agent(part.name()).equals(now.agent(part.name()))
					: part.name().equals("collector");
			if (affected && !was.equals(now) && before.running(part).isPresent()) {
				restarted.add(part.name());
			}
		}
		List<String> downwards = new ArrayList<>(restarted);
		Collections.reverse(downwards);
		downwards.forEach((part) -> before.kill(part, false));
		now.remember(this.home);
		LocalStack after = LocalStack.here();
		new Startup(after, after.parts().stream().filter((part) -> restarted.contains(part.name())).toList(),
				this.progress)
			.run();
	}

}
