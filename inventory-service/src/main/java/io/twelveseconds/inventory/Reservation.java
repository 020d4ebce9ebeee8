package io.twelveseconds.inventory;

import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of us, and what we answer: a refusal is an answer as well.
 */
interface Reservation {

	/** The form of a product's number, wherever one comes in. */
	String SKU = "[a-z0-9-]{1,40}";

	enum Outcome {

		RESERVED, SOLD_OUT, UNKNOWN_SKU,
		/** The order was released before: it gets nothing any more. */
		RELEASED

	}

	record Request(@NotNull UUID orderId, @NotEmpty @Size(max = 100) List<@NotNull @Valid Line> lines) {
	}

	record Line(@NotNull @Pattern(regexp = SKU) String sku, @Min(1) int quantity) {
	}

	record PricedLine(String sku, int quantity, Money unitPrice) {
	}

	/**
	 * @param sku what is sold out or unknown
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Reply(Outcome outcome, @Nullable List<PricedLine> lines, @Nullable String sku) {

		static Reply reserved(List<PricedLine> lines) {
			return new Reply(Outcome.RESERVED, lines, null);
		}

		static Reply refused(Outcome outcome, @Nullable String sku) {
			return new Reply(outcome, null, sku);
		}

	}

}
