package io.twelveseconds.order;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.twelveseconds.order.IdempotentOrders.Answer;
import io.twelveseconds.order.analytics.Tracking;
import io.twelveseconds.order.tracing.OrderSpan;
import io.twelveseconds.order.tracing.TraceContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/orders")
class OrderController {

	private static final String CUSTOMER = "cust-\\d{2}";

	private final Checkout checkout;

	private final Orders orders;

	private final IdempotentOrders idempotentOrders;

	private final Tracking tracking;

	private final JsonMapper json;

	private final Clock clock;

	OrderController(Checkout checkout, Orders orders, IdempotentOrders idempotentOrders, Tracking tracking,
			JsonMapper json, Clock clock) {
		this.checkout = checkout;
		this.orders = orders;
		this.idempotentOrders = idempotentOrders;
		this.tracking = tracking;
		this.json = json;
		this.clock = clock;
	}

	@PostMapping
	ResponseEntity<String> place(
			@RequestHeader(name = "Idempotency-Key",
					required = false) @Pattern(regexp = "[!-~]{1,255}") @Nullable String key,
			@Valid @RequestBody PlaceRequest request) {
		List<Line> lines = request.lines().stream().map((line) -> new Line(line.sku(), line.quantity(), null)).toList();
		Order order = Order.place(request.customer(), lines, TraceContext.current(), this.clock.instant());
		if (key == null) {
			this.orders.add(order);
			return response(place(order), false);
		}
		Optional<Answer> earlier = this.idempotentOrders.add(key, this.json.writeValueAsString(request), order,
				this::answer);
		if (earlier.isPresent()) {
			return response(earlier.get(), true);
		}
		return response(this.idempotentOrders.complete(key, place(order)), false);
	}

	@GetMapping("/{id}")
	OrderView order(@PathVariable UUID id) {
		Order order = this.orders.find(id).orElseThrow(() -> OrderProblems.notFound(id));
		return OrderView.of(order, order.lines(), this.orders.history(id));
	}

	/**
	 * For an event that a neighbour could not read, or that got lost: it is said anew,
	 * from the order as it is, in the trace of the one who asks.
	 */
	@PostMapping("/{id}/events")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void tellAgain(@PathVariable UUID id) {
		Order order = this.orders.find(id).orElseThrow(() -> OrderProblems.notFound(id));
		if (!order.status().isFinal()) {
			throw OrderProblems.stillOpen(order);
		}
		List<Orders.Step> history = this.orders.history(id);
		this.checkout.tellAgain(order, history.get(history.size() - 1).at());
	}

	@GetMapping
	OrdersView ordersOf(@RequestParam @Pattern(regexp = CUSTOMER) String customer,
			@RequestParam(defaultValue = "0") @Min(0) @Max(10_000) int page,
			@RequestParam(defaultValue = "20") @Min(1) @Max(100) int size) {
		return new OrdersView(this.orders.ofCustomer(customer, page, size)
			.stream()
			.map((order) -> OrderView.of(order, null, null))
			.toList(), page, size, this.orders.countOfCustomer(customer));
	}

	private Answer place(Order placed) {
		// Before as well: the checkout may break off, and its span names the order still.
		OrderSpan.tell(placed.id(), placed.status().name());
		Order order = this.checkout.run(placed);
		OrderSpan.tell(order.id(), order.status().name());
		this.tracking.checkout(order.id(), order.status().name(),
				Duration.between(placed.placedAt(), this.clock.instant()));
		return answer(order);
	}

	private Answer answer(Order order) {
		if (order.reason() != null) {
			ProblemDetail problem = OrderProblems.refused(order);
			return new Answer(order.id(), problem.getStatus(), this.json.writeValueAsString(problem));
		}
		HttpStatus status = (order.status() == OrderStatus.CONFIRMED) ? HttpStatus.CREATED : HttpStatus.ACCEPTED;
		return new Answer(order.id(), status.value(),
				this.json.writeValueAsString(OrderView.of(order, order.lines(), null)));
	}

	private static ResponseEntity<String> response(Answer answer, boolean replayed) {
		boolean refused = answer.status() >= 400;
		ResponseEntity.BodyBuilder response = ResponseEntity.status(answer.status())
			.contentType(refused ? MediaType.APPLICATION_PROBLEM_JSON : MediaType.APPLICATION_JSON);
		if (!refused) {
			response.location(URI.create("/orders/" + answer.orderId()));
		}
		if (replayed) {
			// No Retry-After: however long one waits, this key has this answer.
			response.header("Idempotent-Replayed", "true");
		}
		else if (answer.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
			response.header("Retry-After", "5");
		}
		return response.body(answer.body());
	}

	record PlaceRequest(@NotNull @Pattern(regexp = CUSTOMER) String customer,
			@NotEmpty @Size(max = 100) List<@Valid @NotNull Wanted> lines) {

		record Wanted(@NotNull @Pattern(regexp = "sku-\\d{2}") String sku, @Min(1) @Max(1000) int quantity) {
		}

		@AssertTrue(message = "must name each sku once")
		@JsonIgnore
		public boolean isEachSkuOnce() {
			Set<String> skus = new HashSet<>();
			return this.lines == null || this.lines.stream().allMatch((line) -> line == null || skus.add(line.sku()));
		}

	}

	/**
	 * @param traceId the trace of the checkout, so that an order leads to its trace for
	 * as long as both are kept
	 * @param lines not given in a list of orders
	 * @param history the steps so far, oldest first; given only when the order is asked
	 * for by its id
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record OrderView(UUID id, String customer, OrderStatus status, @Nullable Reason reason, Instant placedAt,
			@Nullable List<Line> lines, @Nullable Money total, @Nullable String traceId,
			@Nullable List<Orders.Step> history) {

		static OrderView of(Order order, @Nullable List<Line> lines, @Nullable List<Orders.Step> history) {
			return new OrderView(order.id(), order.customer(), order.status(), order.reason(), order.placedAt(), lines,
					order.total(), order.trace().traceId(), history);
		}

	}

	record OrdersView(List<OrderView> orders, int page, int size, long total) {
	}

}
