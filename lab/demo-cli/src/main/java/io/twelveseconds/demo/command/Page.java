package io.twelveseconds.demo.command;

import java.util.List;
import java.util.Locale;

/**
 * A page that needs nothing else: no script, no font, no image from elsewhere. And what
 * is drawn on it.
 */
public final class Page {

	/** How wide a plot is. */
	public static final int WIDTH = 760;

	private static final String STYLE = """
			body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
			table { border-collapse: collapse } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top }
			td.number { text-align: right; font-variant-numeric: tabular-nums }
			pre { font-size: 12px; line-height: 1.25; overflow-x: auto } svg { max-width: 100%; height: auto; font-size: 12px }
			.before { fill: #c0392b } .after { fill: #1e8449 } .failed { stroke: #000; stroke-width: 2 } .broken { color: #c0392b; font-weight: bold } .axis { stroke: #999 }
			.bar { fill: #a9c4de } .baseline { fill: #ccc } .spread { stroke: #222; stroke-width: 1.5 } .round { fill: #222 }
			""";

	private Page() {
	}

	/** What is in the body is markup already; the title is text. */
	public static String of(String title, String body) {
		return """
				<!DOCTYPE html>
				<html lang="en"><head><meta charset="utf-8"><title>%1$s</title><style>
				%2$s</style></head><body>
				<h1>%1$s</h1>
				%3$s
				</body></html>
				""".formatted(text(title), STYLE, body.stripTrailing());
	}

	/** A plot without its end, {@code </svg>}. */
	public static StringBuilder plot(int height, String what) {
		return new StringBuilder(
				"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n".formatted(WIDTH, height, text(what)));
	}

	public static String line(String style, double x1, double y1, double x2, double y2) {
		return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>%n".formatted(style, number(x1), number(y1),
				number(x2), number(y2));
	}

	public static String rectangle(String style, double x, double y, double width, double height) {
		return "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>%n".formatted(style, number(x),
				number(y), number(width), number(height));
	}

	public static String dot(String style, double x, double y, double radius, String title) {
		return "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"><title>%s</title></circle>%n".formatted(style,
				number(x), number(y), number(radius), text(title));
	}

	public static String label(double x, double y, String text) {
		return "<text x=\"%s\" y=\"%s\">%s</text>%n".formatted(number(x), number(y), text(text));
	}

	/** The first cell of a row says what the others are. */
	public static String table(String style, List<List<String>> rows) {
		StringBuilder table = new StringBuilder("<table>\n");
		for (List<String> row : rows) {
			table.append("<tr><th>%s</th>".formatted(text(row.get(0))));
			row.stream()
				.skip(1)
				.forEach((cell) -> table.append("<td class=\"%s\">%s</td>".formatted(style, text(cell))));
			table.append("</tr>\n");
		}
		return table.append("</table>").toString();
	}

	public static String number(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

	public static String text(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
	}

	/** Where a value from 0 to the largest is drawn. */
	public record Axis(double largest, double from, double to) {

		public double at(double value) {
			return this.from + (this.to - this.from) * value / this.largest;
		}

	}

}
