package io.twelveseconds.demo.stack;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.twelveseconds.demo.command.Environment;
import io.twelveseconds.demo.stack.Progress.Line;
import io.twelveseconds.demo.stack.Progress.State;

/**
 * Shows how a start goes on: on a terminal as a table that is drawn again, else as lines.
 */
public final class Screen {

	private static final String[] SPINNER = { "|", "/", "-", "\\" };

	private final PrintWriter out;

	private final long start = System.nanoTime();

	private final Map<String, State> shown = new HashMap<>();

	private int drawn;

	private int turn;

	private Screen(PrintWriter out) {
		this.out = out;
	}

	/**
	 * The wrapper script looks whether there is a terminal: Java's own ways of asking
	 * differ by version.
	 */
	public static Progress on(PrintWriter out) {
		Screen screen = new Screen(out);
		boolean terminal = Environment.number("DEMO_TERMINAL_COLUMNS", 0) > 0;
		return terminal ? screen::draw : screen::tell;
	}

	private void draw(List<Line> lines) {
		Map<State, String> marks = marks();
		StringBuilder frame = new StringBuilder();
		if (this.drawn > 0) {
			frame.append("\033[").append(this.drawn).append('A');
		}
		int columns = Environment.number("DEMO_TERMINAL_COLUMNS", 80);
		for (Line line : lines) {
			String text = "%s %-21s %8s  %s".formatted(marks.get(line.state()), line.part(),
					(line.took().isZero()) ? "" : seconds(line.took()), words(line));
			// A line that wraps would break the drawing: the cursor moves by lines of the
			// screen.
			frame.append(text, 0, Math.min(text.length(), columns - 1)).append("\033[K\n");
		}
		this.drawn = lines.size();
		this.turn++;
		this.out.print(frame);
		this.out.flush();
	}

	private Map<State, String> marks() {
		boolean unicode = Environment.unicode();
		Map<State, String> marks = new EnumMap<>(State.class);
		marks.put(State.WAITING, " ");
		marks.put(State.STARTING, SPINNER[this.turn % SPINNER.length]);
		marks.put(State.READY, unicode ? "✓" : "+");
		marks.put(State.RUNS_ALREADY, unicode ? "✓" : "+");
		marks.put(State.FAILED, unicode ? "✗" : "!");
		return marks;
	}

	private void tell(List<Line> lines) {
		for (Line line : lines) {
			if (this.shown.put(line.part(), line.state()) != line.state() && line.state() != State.WAITING) {
				this.out.printf("%8s  %-21s %s%n", seconds(Duration.ofNanos(System.nanoTime() - this.start)),
						line.part(),
						(line.state() == State.READY) ? "ready after " + seconds(line.took()) : words(line));
			}
		}
		this.out.flush();
	}

	private static String words(Line line) {
		return switch (line.state()) {
			case WAITING -> "waits";
			case STARTING -> "starting";
			case READY -> line.detail();
			case RUNS_ALREADY -> "runs already";
			case FAILED -> "failed";
		};
	}

	private static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
	}

}
