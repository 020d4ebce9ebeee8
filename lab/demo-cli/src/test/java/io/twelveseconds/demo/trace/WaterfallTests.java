package io.twelveseconds.demo.trace;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import io.twelveseconds.demo.Spans;
import io.twelveseconds.demo.trace.Waterfall.Style;
import io.twelveseconds.trace.Trace;
import io.twelveseconds.trace.TraceReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class WaterfallTests {

	private static final Style PLAIN = new Style(100, false, true);

	private static final Path SAMPLES = Path.of("src", "test", "resources");

	/** It was an order like the one above the picture. */
	@Test
	void readmeHasThePictureOfACheckout() throws IOException {
		Trace trace = TraceReader.read(Files.readString(SAMPLES.resolve("checkout-trace.json")));
		assertThat(Files.readString(Path.of("..", "..", "README.md")))
			.contains(draw(trace, new Style(Waterfall.DEFAULT_WIDTH, false, true)).strip());
	}

	@Test
	void drawsWorkWaitingAndWhatNobodyWaitsFor() {
		assertThat(draw(small(), PLAIN)).isEqualToNormalizingNewlines("""
				POST /api/orders  trace 0af7651916cd43dd8448eb211c80319c
				answered after 20.0 ms, all done after 40.0 ms · 3 services · 5 spans · no errors
				http://127.0.0.1:16686/trace/0af7651916cd43dd8448eb211c80319c

				SERVICE               SPAN                         START   TOOK  0 ms    10       20       30
				api-gateway           POST /api/orders               0.0   20.0  ██──────────────█▌
				order-service         └ POST /orders                 2.0   16.0   ▐█───────█████▊ ┊
				order-service           ├ INSERT orders              4.0    8.0     ▐██████▌      ┊
				order-service           └ ⇢ orders.events publish   16.0    8.0                ░░░░░░░
				notification-service      └ orders.events process   26.0   14.0                   ┊    ░░░░░░░░░░░░░

				█ works   ─ waits for calls below   ░ asynchronous from ⇢ on, nobody waits   ┊ answered
				times in ms
				""");
	}

	@Test
	void drawsTheSameInAscii() {
		assertThat(draw(small(), new Style(100, false, false))).isEqualToNormalizingNewlines("""
				POST /api/orders  trace 0af7651916cd43dd8448eb211c80319c
				answered after 20.0 ms, all done after 40.0 ms - 3 services - 5 spans - no errors
				http://127.0.0.1:16686/trace/0af7651916cd43dd8448eb211c80319c

				SERVICE               SPAN                          START   TOOK  0 ms    10       20      30
				api-gateway           POST /api/orders                0.0   20.0  ##-------------##:
				order-service         `-POST /orders                  2.0   16.0   ##-------###### :
				order-service           |-INSERT orders               4.0    8.0     ########      :
				order-service           `-~> orders.events publish   16.0    8.0               ~~~~~~~~
				notification-service      `-orders.events process    26.0   14.0                   :    ~~~~~~~~~~~~

				# works   - waits for calls below   ~ asynchronous from ~> on, nobody waits   : answered
				times in ms
				""");
	}

	@Test
	void marksErrorsWithTheirText() {
		Trace trace = Spans.longAgo()
			.add("order-service", "a", "", "SERVER", "POST /orders", 0, 20, "error.type=503")
			.add("order-service", "b", "a", "CLIENT", "UPDATE stock", 2, 18,
					"error.type=org.postgresql.util.PSQLException")
			.trace();
		assertThat(draw(trace, PLAIN)).contains("2 errors")
			.contains("✗ POST /orders: HTTP 503 ")
			.contains("✗ UPDATE stock ")
			.containsPattern("\n {15,}org.postgresql.util.PSQLException\n")
			.contains("✗ error");
	}

	@Test
	void saysMoreWhereTheNameSaysLittle() {
		Trace trace = Spans.longAgo()
			.add("order-service", "a", "", "SERVER", "POST /orders", 0, 20)
			.add("order-service", "b", "a", "CLIENT", "POST", 2, 3,
					"http.request.method=POST, url.full=http://127.0.0.1:8082/reservations?a=b")
			.add("order-service", "c", "a", "CLIENT", "orders", 4, 5,
					"db.system.name=postgresql, db.query.text=SELECT 1\\n  FROM customers")
			.add("order-service", "d", "a", "CLIENT", "orders", 6, 7,
					"db.system.name=postgresql, db.query.summary=SELECT customers, db.query.text=SELECT 1 FROM customers")
			.add("order-service", "e", "a", "CLIENT", "INSERT orders", 8, 9, "db.system.name=postgresql")
			.trace();
		assertThat(draw(trace, PLAIN)).contains("├ POST /reservations ")
			.contains("├ SELECT 1 FROM customers ")
			.contains("├ SELECT customers ")
			.contains("└ INSERT orders ");
	}

	@Test
	void coloursTheServicesTheSameEverywhere() {
		String picture = draw(small(), new Style(100, true, true));
		assertThat(picture).contains("\033[38;5;33mapi-gateway")
			.contains("\033[38;5;208morder-service")
			.contains("\033[38;5;37mnotification-service");
		assertThat(picture.replaceAll("\033\\[[0-9;]*m", "")).isEqualTo(draw(small(), PLAIN));
	}

	@ParameterizedTest
	@ValueSource(ints = { 60, 61, 79, 80, 89, 90, 100, 120, 200 })
	void staysWithinTheWidth(int width) throws IOException {
		Trace trace = TraceReader.read(Files.readString(SAMPLES.resolve("checkout-trace.json")));
		// The header holds ids that cannot be broken.
		assertThat(draw(trace, new Style(width, false, true)).lines().skip(3))
			.allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(width));
	}

	@Test
	void turnsToSecondsForLongTraces() {
		Trace trace = Spans.longAgo().add("order-service", "a", "", "SERVER", "POST /orders", 0, 12_004.25).trace();
		assertThat(draw(trace, PLAIN)).contains("answered after 12.0 s").contains(" 12.004 ").contains("0 s  ");
	}

	@Test
	void drawsATraceOfNoDuration() {
		Trace trace = Spans.longAgo().add("order-service", "a", "", "SERVER", "POST /orders", 0, 0).trace();
		assertThat(draw(trace, PLAIN)).contains("1 service · 1 span · no errors");
	}

	@Test
	void keepsControlCharactersFromTheTerminal() {
		Trace trace = Spans.longAgo()
			.add("order-service", "a", "", "SERVER", "\\u001b[2Jgone\\nwith the wind", 0, 1)
			.trace();
		assertThat(draw(trace, PLAIN)).contains("[2Jgone with the wind").doesNotContain("\033");
	}

	private static Trace small() {
		return Spans.longAgo()
			.checkout()
			.add("order-service", "d", "b", "CLIENT", "INSERT orders", 4, 12)
			.consumer("notification-service", "e")
			.trace();
	}

	private static String draw(Trace trace, Style style) {
		StringWriter text = new StringWriter();
		new Waterfall(trace, URI.create("http://127.0.0.1:16686/trace/" + trace.id()), style)
			.printTo(new PrintWriter(text));
		return text.toString();
	}

}
