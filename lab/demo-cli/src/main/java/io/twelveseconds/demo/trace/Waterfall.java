package io.twelveseconds.demo.trace;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.twelveseconds.demo.command.Times;
import io.twelveseconds.trace.Span;
import io.twelveseconds.trace.Trace;

/**
 * Draws a trace: a line per span in the order of the calls, and when each of them ran.
 */
public final class Waterfall {

	public static final int DEFAULT_WIDTH = 120;

	private static final int NARROWEST = 60;

	/** Below this width the bars alone must say when a span started. */
	private static final int ROOM_FOR_START = 90;

	private static final int DEEPEST_INDENT = 24;

	/** A longer error text gets a line of its own. */
	private static final int BRIEF = 20;

	private static final int MOST_OF_A_SERVICE = 24;

	private static final String GAP = "  ";

	private static final String BOLD = "1";

	private static final String DIM = "2";

	private static final String RED = "1;31";

	/** Of the 256 colours, some that can be told apart on black and on white. */
	private static final int[] COLOURS = { 99, 33, 142, 66, 173, 61, 208, 100, 131, 67, 169, 95, 72, 137, 103, 62, 71,
			60, 135, 37 };

	private final Trace trace;

	private final URI page;

	private final Style style;

	private final Glyphs glyphs;

	private final List<Row> rows = new ArrayList<>();

	private final long start;

	private final long total;

	/** When the customer had the answer; what comes later came by itself. */
	private final long answered;

	public Waterfall(Trace trace, URI page, Style style) {
		this.trace = trace;
		this.page = page;
		this.style = style;
		this.glyphs = style.unicode() ? Glyphs.UNICODE : Glyphs.ASCII;
		this.start = trace.spans().get(0).startNanos();
		this.total = Math.max(1, trace.duration().toNanos());
		this.answered = trace.root().endNanos() - this.start;
		addRows(trace.roots());
		addRows(trace.orphans());
	}

	private void addRows(List<Span> tops) {
		tops.forEach((top) -> {
			this.rows.add(row(top, ""));
			addChildren(top, "");
		});
	}

	private void addChildren(Span parent, String indent) {
		List<Span> children = this.trace.children(parent);
		for (int i = 0; i < children.size(); i++) {
			boolean last = i == children.size() - 1;
			this.rows.add(row(children.get(i), indent + (last ? this.glyphs.lastBranch() : this.glyphs.branch())));
			// Deeper down, the names would have no room left.
			boolean deep = indent.length() >= DEEPEST_INDENT;
			addChildren(children.get(i), deep ? indent : indent + (last ? "  " : this.glyphs.trunk()));
		}
	}

	private Row row(Span span, String indent) {
		boolean asynchronous = this.trace.asynchronous(span);
		boolean leaves = asynchronous && !this.trace.parent(span).map(this.trace::asynchronous).orElse(false);
		boolean orphan = this.trace.orphans().contains(span) && span != this.trace.root();
		String mark = (orphan ? "? " : "") + (leaves ? this.glyphs.async() + " " : "")
				+ (span.failed() ? this.glyphs.error() + " " : "");
		String problem = span.failed() ? SpanText.problem(span) : "";
		boolean brief = problem.length() <= BRIEF;
		String title = mark + SpanText.title(span) + ((brief && !problem.isEmpty()) ? ": " + problem : "");
		return new Row(span, indent, title, brief ? "" : problem, asynchronous);
	}

	public void printTo(PrintWriter out) {
		Layout layout = layout();
		printHeader(out);
		out.println();
		out.println(paint(BOLD, titles(layout)));
		this.rows.forEach((row) -> printRow(out, row, layout));
		out.println();
		printLegend(out);
	}

	private void printHeader(PrintWriter out) {
		Span root = this.trace.root();
		long errors = this.trace.spans().stream().filter(Span::failed).count();
		String dot = " " + this.glyphs.dot() + " ";
		out.println(paint(BOLD, SpanText.title(root)) + "  " + paint(DIM, "trace " + this.trace.id()));
		out.println("answered after " + paint(BOLD, Times.format(root.duration())) + ", all done after "
				+ Times.format(this.trace.duration()) + dot + counted(this.trace.services().size(), "service") + dot
				+ counted(this.trace.spans().size(), "span") + dot
				+ ((errors > 0) ? paint(RED, counted(errors, "error")) : "no errors"));
		out.println(paint(DIM, this.page.toString()));
	}

	private static String counted(long count, String noun) {
		return count + " " + noun + ((count != 1) ? "s" : "");
	}

	private String titles(Layout layout) {
		String start = layout.withStart() ? padLeft("START", layout.number()) + GAP : "";
		return String.join(GAP, pad("SERVICE", layout.service()), pad("SPAN", layout.name()),
				start + padLeft("TOOK", layout.number()), axis(layout.bar()));
	}

	/** Labels at round times, the unit behind the first. */
	private String axis(int width) {
		double unit = this.inSeconds() ? 1e9 : 1e6;
		double step = 1e-3;
		for (int i = 0; step * unit * width / this.total < 8; i++) {
			step *= (i % 3 == 1) ? 2.5 : 2;
		}
		StringBuilder axis = new StringBuilder("0 " + (inSeconds() ? "s" : "ms"));
		for (int i = 1; i * step * unit <= this.total; i++) {
			int column = (int) (i * step * unit * width / this.total);
			String label = String.format(Locale.ROOT, "%.3f", i * step).replaceFirst("\\.?0+$", "");
			if (column >= axis.length() + 2 && column + label.length() <= width) {
				axis.append(" ".repeat(column - axis.length())).append(label);
			}
		}
		return axis.toString();
	}

	private void printRow(PrintWriter out, Row row, Layout layout) {
		Span span = row.span();
		String colour = "38;5;" + colour(span.service());
		String name = pad(clip(row.indent() + row.title(), layout.name()), layout.name());
		int indent = Math.min(row.indent().length(), layout.name());
		List<String> cells = new ArrayList<>();
		cells.add(paint(colour, pad(service(span), layout.service())));
		cells.add(paint(DIM, name.substring(0, indent)) + paint(span.failed() ? RED : "", name.substring(indent)));
		if (layout.withStart()) {
			cells.add(paint(DIM, padLeft(number(span.startNanos() - this.start), layout.number())));
		}
		cells.add(padLeft(number(span.duration().toNanos()), layout.number()));
		cells.add(bar(row, layout.bar(), span.failed() ? RED : colour));
		out.println(String.join(GAP, cells).stripTrailing());
		if (!row.problem().isEmpty()) {
			String margin = " ".repeat(layout.service() + GAP.length() + indent + 2);
			out.println(margin + paint(RED, clip(row.problem(), Math.max(20, this.style.width() - margin.length()))));
		}
	}

	private String bar(Row row, int width, String colour) {
		double from = (double) (row.span().startNanos() - this.start) * width / this.total;
		double to = (double) (row.span().endNanos() - this.start) * width / this.total;
		int first = Math.min((int) from, width - 1);
		int end = Math.min(Math.max(first + 1, (int) Math.ceil(to - 1e-9)), width);
		StringBuilder bar = new StringBuilder();
		for (int cell = first; cell < end; cell++) {
			double middle = (Math.max(from, cell) + Math.min(to, cell + 1)) / 2;
			long moment = this.start + (long) (middle * this.total / width);
			bar.append(waits(row.span(), moment) ? this.glyphs.waiting()
					: row.asynchronous() ? this.glyphs.shaded() : this.glyphs.solid(from - cell, to - cell));
		}
		int line = (this.answered < this.total) ? (int) ((double) this.answered * width / this.total) : -1;
		return line(0, first, line) + paint(colour, bar.toString()) + line(end, width, line);
	}

	/**
	 * Whether at this moment the span does nothing itself, but waits for a call below it.
	 */
	private boolean waits(Span span, long moment) {
		boolean detached = this.trace.asynchronous(span);
		return this.trace.children(span)
			.stream()
			.filter((child) -> child.startNanos() <= moment && moment < child.endNanos())
			.anyMatch((child) -> this.trace.asynchronous(child) == detached);
	}

	/** Empty space, but for the moment of the answer. */
	private String line(int from, int to, int line) {
		if (line < from || line >= to) {
			return " ".repeat(Math.max(0, to - from));
		}
		return " ".repeat(line - from) + paint(DIM, this.glyphs.line()) + " ".repeat(to - line - 1);
	}

	private void printLegend(PrintWriter out) {
		List<String> legend = new ArrayList<>();
		legend.add(this.glyphs.solid() + " works");
		legend.add(this.glyphs.waiting() + " waits for calls below");
		if (this.rows.stream().anyMatch(Row::asynchronous)) {
			legend.add(this.glyphs.shaded() + " asynchronous from " + this.glyphs.async() + " on, nobody waits");
		}
		if (this.answered < this.total) {
			legend.add(this.glyphs.line() + " answered");
		}
		if (this.trace.spans().stream().anyMatch(Span::failed)) {
			legend.add(this.glyphs.error() + " error");
		}
		if (this.trace.orphans().stream().anyMatch((span) -> span != this.trace.root())) {
			legend.add("? parent missing");
		}
		legend.add("times in " + (inSeconds() ? "s" : "ms"));
		StringBuilder line = new StringBuilder();
		for (String entry : legend) {
			if (!line.isEmpty() && line.length() + 3 + entry.length() > this.style.width()) {
				out.println(paint(DIM, line.toString()));
				line.setLength(0);
			}
			line.append(line.isEmpty() ? "" : "   ").append(entry);
		}
		out.println(paint(DIM, line.toString()));
	}

	private Layout layout() {
		int width = Math.max(NARROWEST, this.style.width());
		boolean withStart = width >= ROOM_FOR_START;
		int service = Math.max(7, this.rows.stream().mapToInt((row) -> service(row.span()).length()).max().orElse(0));
		int number = Math.max(5, number(this.total).length());
		int rest = width - service - (withStart ? 2 : 1) * (number + GAP.length()) - 2 * GAP.length();
		int widest = this.rows.stream().mapToInt((row) -> row.indent().length() + row.title().length()).max().orElse(0);
		int name = Math.max(4, Math.min(widest, withStart ? rest / 2 : rest * 3 / 5));
		return new Layout(service, name, number, Math.max(8, rest - name), withStart);
	}

	/** Where there is little room, "-service" says nothing. */
	private String service(Span span) {
		String service = SpanText.plain(span.service());
		return clip((this.style.width() < 100) ? service.replaceFirst("-service$", "") : service, MOST_OF_A_SERVICE);
	}

	private boolean inSeconds() {
		return this.total >= Duration.ofSeconds(10).toNanos();
	}

	/** All in one unit, so that the eye can compare. */
	private String number(long nanos) {
		return inSeconds() ? String.format(Locale.ROOT, "%.3f", nanos / 1e9)
				: String.format(Locale.ROOT, "%.1f", nanos / 1e6);
	}

	/**
	 * By name, so that a service has its colour in every trace; the shop's seven all
	 * differ.
	 */
	private static int colour(String service) {
		return COLOURS[Math.floorMod(service.hashCode(), COLOURS.length)];
	}

	private String paint(String code, String text) {
		return (this.style.colour() && !code.isEmpty() && !text.isBlank()) ? "\033[" + code + "m" + text + "\033[0m"
				: text;
	}

	private String clip(String text, int width) {
		return (text.length() <= width) ? text
				: text.substring(0, width - this.glyphs.ellipsis().length()) + this.glyphs.ellipsis();
	}

	private static String pad(String text, int width) {
		return text + " ".repeat(Math.max(0, width - text.length()));
	}

	private static String padLeft(String text, int width) {
		return " ".repeat(Math.max(0, width - text.length())) + text;
	}

	/** What the terminal can take. */
	public record Style(int width, boolean colour, boolean unicode) {
	}

	private record Row(Span span, String indent, String title, String problem, boolean asynchronous) {
	}

	/** The width of each column; both columns of numbers are alike. */
	private record Layout(int service, int name, int number, int bar, boolean withStart) {
	}

	private record Glyphs(String branch, String lastBranch, String trunk, String async, String error, String dot,
			String line, String ellipsis, String solid, String shaded, String waiting) {

		static final Glyphs UNICODE = new Glyphs("├ ", "└ ", "│ ", "⇢", "✗", "·", "┊", "…", "█", "░", "─");

		static final Glyphs ASCII = new Glyphs("|-", "`-", "| ", "~>", "x", "-", ":", "..", "#", "~", "-");

		private static final String EIGHTHS = "▏▎▍▌▋▊▉█";

		/**
		 * A cell as full as characters can show: from any eighth to the left, halves to
		 * the right.
		 */
		String solid(double from, double to) {
			if (this != UNICODE) {
				return this.solid;
			}
			if (from >= 0.5) {
				return (to - from < 0.3) ? "▕" : "▐";
			}
			long eighths = (to >= 1) ? 8 : Math.round((to - Math.max(0, from)) * 8);
			return EIGHTHS.substring((int) Math.max(1, eighths) - 1).substring(0, 1);
		}

	}

}
