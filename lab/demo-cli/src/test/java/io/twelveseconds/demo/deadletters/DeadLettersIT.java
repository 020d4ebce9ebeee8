package io.twelveseconds.demo.deadletters;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import io.twelveseconds.demo.Run;
import io.twelveseconds.demo.StubServer;
import io.twelveseconds.demo.stack.FaultSwitches;
import io.twelveseconds.demo.stack.Site;
import io.twelveseconds.demo.telemetry.SpanFlow;
import io.twelveseconds.demo.telemetry.SpanMetrics;
import io.twelveseconds.teststack.KafkaProbe;
import io.twelveseconds.teststack.RealKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** With a real Kafka; order-service is a stub on the wire. */
@RealKafka
class DeadLettersIT {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

	private final UUID order = UUID.randomUUID();

	private final String mails = "mails-%s.dlt".formatted(this.order);

	private final String figures = "figures-%s.dlt".formatted(this.order);

	private final KafkaProbe kafka = new KafkaProbe();

	private volatile int answer = 202;

	private final StubServer orders = new StubServer((request) -> StubServer.Reply.of(this.answer, ""));

	@BeforeEach
	void topicsOfTwoServices() throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker()))) {
			admin
				.createTopics(List.of(new NewTopic(this.mails, 1, (short) 1), new NewTopic(this.figures, 1, (short) 1)))
				.all()
				.get();
		}
	}

	@AfterEach
	void forget() {
		this.orders.close();
		this.kafka.close();
	}

	@Test
	void listsWhichOrderItWasAndWhyAndItsTrace() throws Exception {
		letter(this.mails, this.order.toString());
		Run run = list(this.mails);
		assertThat(run.exit()).as(run.err()).isZero();
		assertThat(run.out())
			.contains("1 open", this.mails + "#0", "order " + this.order, "./demo trace " + TRACE,
					"Unexpected end-of-input")
			.doesNotContain("at [Source");
		assertThat(Run.of(new DeadLettersCommand(this::site), "list", "--topic", this.mails, "--json").out())
			.contains("\"key\":\"" + this.order + "\"");
	}

	@Test
	void eventThatTwoServicesSetAsideIsSaidOnceInItsTraceAndOfferedNoMore() throws Exception {
		letter(this.mails, this.order.toString());
		letter(this.figures, this.order.toString());
		Run run = Run.of(new DeadLettersCommand(this::site), "redrive");
		assertThat(run.exit()).as(run.err()).isZero();
		assertThat(run.out()).contains("order " + this.order + ": told again (", this.mails + "#0",
				this.figures + "#0");
		assertThat(this.orders.requests())
			.filteredOn((request) -> request.uri().getPath().equals("/orders/" + this.order + "/events"))
			.singleElement()
			.satisfies((request) -> assertThat(request.headers().getFirst("traceparent")).isEqualTo(PARENT));
		assertThat(list(this.mails).out()).contains("No dead letters are open");
		assertThat(count()).containsEntry(this.mails, 0L).containsEntry(this.figures, 0L);
		assertThat(redrive(this.mails).out()).contains("0 of 0 open");
	}

	@Test
	void whatNobodyCanRedriveStaysAndIsNotInTheWay() throws Exception {
		letter(this.mails, "garbage");
		letter(this.mails, this.order.toString());
		letter(this.mails, null);
		Run run = redrive(this.mails);
		assertThat(run.exit()).as(run.err()).isZero();
		assertThat(run.out()).contains(this.mails + "#0: not redrivable: its key is no order's id (garbage)",
				this.mails + "#2: not redrivable", "order " + this.order + ": told again",
				"1 of 3 open dead letters redriven; 2 stay.");
		assertThat(list(this.mails).out()).contains("2 open").doesNotContain(this.order + "   ./demo");
		letter(this.mails, this.order.toString());
		assertThat(redrive(this.mails).out()).contains("1 of 3 open dead letters redriven; 2 stay.");
		assertThat(count()).containsEntry(this.mails, 2L);
	}

	@Test
	void whatSomebodyHasLookedAtIsSettled() throws Exception {
		letter(this.mails, "garbage");
		letter(this.mails, null);
		Run unknown = settle(this.mails + "#0", this.mails + "#7");
		assertThat(unknown.exit()).isEqualTo(2);
		assertThat(unknown.err()).contains("There is no open dead letter " + this.mails + "#7");
		assertThat(count()).containsEntry(this.mails, 2L);
		Run run = settle(this.mails + "#1");
		assertThat(run.exit()).as(run.err()).isZero();
		assertThat(run.out().strip()).isEqualTo(this.mails + "#1 is settled.");
		assertThat(list(this.mails).out()).contains("1 open", this.mails + "#0");
		assertThat(settle(this.mails + "#1").exit()).isEqualTo(2);
		assertThat(settle(this.mails + "#0").exit()).isZero();
		assertThat(count()).containsEntry(this.mails, 0L);
		assertThat(this.orders.requests()).isEmpty();
	}

	@Test
	void orderThatIsUnknownStays() throws Exception {
		letter(this.mails, this.order.toString());
		this.answer = 404;
		assertThat(redrive(this.mails).out()).contains("order-service knows no such order", "0 of 1", "1 stay");
		this.answer = 409;
		assertThat(redrive(this.mails).out()).contains("the order has not ended yet", "0 of 1", "1 stay");
		assertThat(count()).containsEntry(this.mails, 1L);
	}

	@Test
	void topicThatIsMisspeltIsNotTakenForOneWithoutLetters() throws Exception {
		letter(this.mails, this.order.toString());
		for (Run run : List.of(list("mials.dlt"), redrive("mials.dlt"))) {
			assertThat(run.exit()).isEqualTo(2);
			assertThat(run.err()).contains("Kafka has no topic of dead letters 'mials.dlt'. It has: ", this.mails);
			assertThat(run.out()).isEmpty();
		}
	}

	@Test
	void dryRunChangesNothing() throws Exception {
		letter(this.mails, this.order.toString());
		Run run = Run.of(new DeadLettersCommand(this::site), "redrive", "--dry-run", "--topic", this.mails);
		assertThat(run.out()).contains("would be told again", "1 of 1 open dead letters would be redriven");
		assertThat(this.orders.requests()).isEmpty();
		assertThat(count()).containsEntry(this.mails, 1L);
	}

	@Test
	void orderServiceThatFailsEndsItWithNothingSettled() throws Exception {
		letter(this.mails, this.order.toString());
		this.answer = 503;
		Run run = Run.of(new DeadLettersCommand(this::site), "redrive", "--topic", this.mails);
		assertThat(run.exit()).isEqualTo(1);
		assertThat(run.err()).contains("order-service answered 503 for order " + this.order);
		assertThat(count()).containsEntry(this.mails, 1L);
	}

	private static String broker() {
		return System.getProperty("spring.kafka.bootstrap-servers");
	}

	private Site site() {
		return new Site() {

			@Override
			public FaultSwitches faults() {
				throw new UnsupportedOperationException();
			}

			@Override
			public Optional<URI> service(String name) {
				return Optional.of(name)
					.filter("order-service"::equals)
					.map((any) -> URI.create(DeadLettersIT.this.orders.url()));
			}

			@Override
			public Map<String, SpanFlow.Source> telemetry() {
				return Map.of();
			}

			@Override
			public Optional<SpanMetrics> spanMetrics() {
				throw new UnsupportedOperationException();
			}

			@Override
			public long memory(String part) {
				throw new UnsupportedOperationException();
			}

			@Override
			public String broker() {
				return DeadLettersIT.broker();
			}

			@Override
			public void kill(String part) {
				throw new UnsupportedOperationException();
			}

			@Override
			public void start(String part) {
				throw new UnsupportedOperationException();
			}

		};
	}

	private Map<String, Long> count() throws Exception {
		return DeadLetters.count(broker(), Duration.ofSeconds(10));
	}

	private Run list(String topic) {
		return Run.of(new DeadLettersCommand(this::site), "list", "--topic", topic);
	}

	private Run redrive(String topic) {
		return Run.of(new DeadLettersCommand(this::site), "redrive", "--topic", topic);
	}

	private Run settle(String... places) {
		String[] all = new String[places.length + 1];
		all[0] = "settle";
		System.arraycopy(places, 0, all, 1, places.length);
		return Run.of(new DeadLettersCommand(this::site), all);
	}

	/** As a service's error handler writes it. */
	private void letter(String topic, String key) throws Exception {
		this.kafka.send(topic, key, "{ \"type\": ", Map.of("traceparent", PARENT, "kafka_dlt-exception-message",
				"Listener failed; Unexpected end-of-input\n at [Source: (String)]"));
	}

}
