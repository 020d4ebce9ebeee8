package io.twelveseconds.gateway;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/orders", produces = MediaType.APPLICATION_JSON_VALUE)
class OrderController {

	static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	static final String IDEMPOTENT_REPLAYED = "Idempotent-Replayed";

	private static final String PAGE = "must be a whole number from 0 to 10000";

	private static final String SIZE = "must be a whole number from 1 to 100";

	private static final String LINES = "must be an array of 1 to 100 lines";

	private static final String QUANTITY = "must be a whole number from 1 to 1000";

	private static final String SKU = "must be a string: sku- and two digits, such as sku-01";

	private final Placing placing;

	private final OrderApi orders;

	private final GatewaySettings settings;

	OrderController(Placing placing, OrderApi orders, GatewaySettings settings) {
		this.placing = placing;
		this.orders = orders;
		this.settings = settings;
	}

	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<ObjectNode> place(@RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Pattern(
			regexp = "[!-~]{1,255}",
			message = "must be 1 to 255 visible ASCII characters without a space") @Nullable String idempotencyKey,
			@Valid @RequestBody PlaceRequest request) {
		ResponseEntity<ObjectNode> answer = this.placing.place(idempotencyKey, request);
		ResponseEntity.BodyBuilder response = ResponseEntity.status(answer.getStatusCode());
		if (answer.getHeaders().getLocation() != null) {
			response.header(HttpHeaders.LOCATION, "/api" + answer.getHeaders().getLocation().getPath());
		}
		if (answer.getHeaders().containsHeader(IDEMPOTENT_REPLAYED)) {
			response.header(IDEMPOTENT_REPLAYED, answer.getHeaders().getFirst(IDEMPOTENT_REPLAYED));
		}
		return response.body(withTraceUrl(Answer.of(answer.getBody())));
	}

	@GetMapping("/{id}")
	ObjectNode order(@PathVariable @OrderId String id) {
		return withTraceUrl(Answer.of(this.orders.order(id)));
	}

	@GetMapping
	ObjectNode ordersOf(@RequestParam @CustomerId String customer,
			@RequestParam(defaultValue = "0") @Range(max = 10_000, message = PAGE) int page,
			@RequestParam(defaultValue = "20") @Range(min = 1, max = 100, message = SIZE) int size) {
		ObjectNode answer = Answer.of(this.orders.orders(customer, page, size));
		answer.path("orders").forEach(this::withTraceUrl);
		return answer;
	}

	private <T extends JsonNode> T withTraceUrl(T order) {
		if (order instanceof ObjectNode object && object.path("traceId").isString()) {
			object.put("traceUrl", this.settings.traceUrl(object.path("traceId").stringValue()));
		}
		return order;
	}

	/**
	 * Checked here for its form. Whether there is such a customer or product is decided
	 * behind us.
	 */
	record PlaceRequest(@NotNull(message = CustomerId.MESSAGE) @CustomerId String customer,
			@NotEmpty(message = LINES) @Size(max = 100,
					message = LINES) @EachSkuOnce List<@NotNull(message = "must be a line") @Valid Line> lines) {

		record Line(@NotNull(message = SKU) @Pattern(regexp = "sku-\\d{2}", message = SKU) String sku,
				@NotNull(message = QUANTITY) @Range(min = 1, max = 1000, message = QUANTITY) Integer quantity) {

		}

	}

}
