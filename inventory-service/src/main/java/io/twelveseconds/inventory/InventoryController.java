package io.twelveseconds.inventory;

import java.util.List;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class InventoryController {

	private final Reservations reservations;

	private final Stock stock;

	private final BestSellers bestSellers;

	InventoryController(Reservations reservations, Stock stock, BestSellers bestSellers) {
		this.reservations = reservations;
		this.stock = stock;
		this.bestSellers = bestSellers;
	}

	@PostMapping("/reservations")
	Reservation.Reply reserve(@Valid @RequestBody Reservation.Request request) {
		return this.reservations.reserve(request.orderId(), request.lines());
	}

	@DeleteMapping("/reservations/{orderId}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void release(@PathVariable UUID orderId) {
		this.reservations.release(orderId);
	}

	@GetMapping("/products")
	ProductsReply products() {
		return new ProductsReply(this.stock.products());
	}

	@GetMapping(path = "/products", params = "sku")
	ProductsReply products(
			@RequestParam @Size(min = 1, max = 100) List<@Pattern(regexp = Reservation.SKU) String> sku) {
		return new ProductsReply(this.stock.products(sku));
	}

	@GetMapping("/products/{sku}")
	Stock.Product product(@PathVariable @Pattern(regexp = Reservation.SKU) String sku) {
		return this.stock.product(sku).orElseThrow(() -> InventoryProblems.noProduct(sku));
	}

	@GetMapping("/products/best-sellers")
	BestSellersReply bestSellers() {
		return new BestSellersReply(this.bestSellers.list());
	}

	record ProductsReply(List<Stock.Product> products) {
	}

	record BestSellersReply(List<BestSellers.BestSeller> products) {
	}

}
