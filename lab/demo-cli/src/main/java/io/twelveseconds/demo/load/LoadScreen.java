package io.twelveseconds.demo.load;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.load.LoadResult.Second;

/**
 * Shows how a load goes on: on a terminal the table, drawn again each second, else a line
 * a second.
 */
public final class LoadScreen {

	private final LoadPlan plan;

	private final PrintWriter out;

	private final int columns = Environment.number("DEMO_TERMINAL_COLUMNS", 0);

	private int drawn;

	private final Set<Integer> told = new HashSet<>();

	private boolean finished;

	public LoadScreen(LoadPlan plan, PrintWriter out) {
		this.plan = plan;
		this.out = out;
	}

	public synchronized void show(LoadResult result) {
		if (this.finished) {
			return;
		}
		if (this.columns > 0) {
			List<String> lines = new ArrayList<>(LoadReport.table(this.plan, result));
			result.seconds().stream().reduce((first, last) -> last).ifPresent((second) -> {
				lines.add("");
				lines.add(LoadReport.line(second));
			});
			draw(lines);
		}
		else {
			tell(result, result.elapsed().toSeconds());
		}
		this.out.flush();
	}

	/**
	 * A second is told of when it is over and somebody who arrived in it has left, maybe
	 * after later ones. Who still waits is in the table at the end.
	 */
	private void tell(LoadResult result, long seconds) {
		for (Second second : result.seconds()) {
			if (second.second() < seconds && this.told.add(second.second())) {
				this.out.println(LoadReport.line(second)
						+ ((result.unfinished() > 0) ? "; %d still wait".formatted(result.unfinished()) : ""));
			}
		}
	}

	public synchronized void finish(LoadResult result) {
		this.finished = true;
		if (this.columns > 0) {
			draw(LoadReport.table(this.plan, result));
		}
		else {
			tell(result, Long.MAX_VALUE);
			this.out.println();
			LoadReport.table(this.plan, result).forEach(this.out::println);
		}
		this.out.flush();
	}

	private void draw(List<String> lines) {
		StringBuilder frame = new StringBuilder();
		if (this.drawn > 0) {
			frame.append("\033[").append(this.drawn).append('A');
		}
		// A line that wraps would break the drawing: the cursor moves by lines of the
		// screen.
		lines.forEach((line) -> frame.append(line, 0, Math.min(line.length(), this.columns - 1)).append("\033[K\n"));
		this.drawn = lines.size();
		this.out.print(frame.append("\033[J"));
	}

}
