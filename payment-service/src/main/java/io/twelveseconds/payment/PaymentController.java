package io.twelveseconds.payment;

import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PaymentController {

	private final Cashier cashier;

	PaymentController(Cashier cashier) {
		this.cashier = cashier;
	}

	@PostMapping("/charges")
	Charge.Reply charge(@Valid @RequestBody ChargeRequest request) {
		return this.cashier.charge(request.orderId(), request.customer(), request.amount());
	}

	@PostMapping("/refunds")
	Charge.Reply refund(@Valid @RequestBody RefundRequest request) {
		return this.cashier.refund(request.orderId());
	}

	record ChargeRequest(@NotNull UUID orderId, @NotNull @Pattern(regexp = "[a-z0-9-]{1,40}") String customer,
			@NotNull Money amount) {
	}

	record RefundRequest(@NotNull UUID orderId) {
	}

}
