package io.twelveseconds.loyalty;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.twelveseconds.teststack.RealPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RealPostgres("loyalty")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "demo.faults.allowed=true", "demo.faults.poll=50ms",
				"spring.http.serviceclient.inventory.read-timeout=500ms" })
@AutoConfigureRestTestClient
class LoyaltyServiceIT {

	private static final WireMockServer inventory = new WireMockServer(options().dynamicPort());

	private static final String TWO_PRODUCTS = """
			{ "products": [ { "sku": "sku-01", "category": "clocks" }, { "sku": "sku-07", "category": "instruments" } ] }""";

	@TempDir
	private static Path directory;

	@Autowired
	private RestTestClient http;

	@DynamicPropertySource
	static void stubInventory(DynamicPropertyRegistry registry) throws IOException {
		inventory.start();
		registry.add("spring.http.serviceclient.inventory.base-url", inventory::baseUrl);
		switchNaiveCategories("off");
		registry.add("demo.faults.file", () -> directory.resolve("flags.json").toString());
	}

	@AfterAll
	static void stopInventory() {
		inventory.stop();
	}

	@BeforeEach
	void inventoryIsWell() {
		inventory.resetAll();
		inventory.stubFor(get(urlPathEqualTo("/products")).willReturn(okJson(TWO_PRODUCTS)));
		inventory
			.stubFor(get("/products/sku-01").willReturn(okJson("{ \"sku\": \"sku-01\", \"category\": \"clocks\" }")));
	}

	@Test
	void addsPointsOncePerOrder() {
		long before = account("cust-01").points();
		UUID orderId = UUID.randomUUID();
		assertThat(award(orderId, "cust-01")).isEqualTo(32);
		assertThat(award(orderId, "cust-01")).isEqualTo(32);
		assertThat(account("cust-01")).isEqualTo(new Account("cust-01", Tier.STANDARD, before + 32));
	}

	@Test
	void multipliesForPremiumCustomers() {
		long before = account("cust-03").points();
		assertThat(award(UUID.randomUUID(), "cust-03")).isEqualTo(2 * 25 + 3 * 7);
		assertThat(account("cust-03")).isEqualTo(new Account("cust-03", Tier.PREMIUM, before + 71));
	}

	@Test
	void asksOnceForAllProductsOfAPremiumCustomerAndNeverForTheOthers() {
		award(UUID.randomUUID(), "cust-01");
		assertThat(inventory.getAllServeEvents()).isEmpty();
		award(UUID.randomUUID(), "cust-03");
		assertThat(inventory.getAllServeEvents()).extracting((call) -> call.getRequest().getUrl())
			.containsExactly("/products?sku=sku-01&sku=sku-07");
	}

	@Test
	void naiveVariantAsksForEachProductByACallOfItsOwn() throws IOException {
		switchNaiveCategories("on");
		try {
			await("the other variant").untilAsserted(() -> {
				inventory.resetRequests();
				// sku-07 is not there any more, and counts once.
				assertThat(award(UUID.randomUUID(), "cust-03")).isEqualTo(2 * 25 + 7);
				assertThat(inventory.getAllServeEvents()).extracting((call) -> call.getRequest().getUrl())
					.containsExactlyInAnyOrder("/products/sku-01", "/products/sku-07");
			});
		}
		finally {
			switchNaiveCategories("off");
		}
		await("the good variant again")
			.untilAsserted(() -> assertThat(award(UUID.randomUUID(), "cust-03")).isEqualTo(71));
	}

	@Test
	void awardsNothingWithoutAnAnswerFromInventoryAndTheOrderMayAskAgain() {
		inventory.stubFor(get(urlPathEqualTo("/products")).willReturn(okJson(TWO_PRODUCTS).withFixedDelay(3000)));
		long before = account("cust-07").points();
		UUID orderId = UUID.randomUUID();
		this.http.post()
			.uri("/awards")
			.contentType(MediaType.APPLICATION_JSON)
			.body(request(orderId, "cust-07"))
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(account("cust-07").points()).isEqualTo(before);
		inventoryIsWell();
		assertThat(award(orderId, "cust-07")).isEqualTo(71);
	}

	@Test
	void addsOnceWhenTheSameOrderArrivesManyTimesAtOnce() throws Exception {
		long before = account("cust-02").points();
		UUID orderId = UUID.randomUUID();
		assertThat(atOnce(20, () -> award(orderId, "cust-02"))).containsOnly(32L);
		assertThat(account("cust-02").points()).isEqualTo(before + 32);
	}

	@Test
	void losesNoPointsOfOrdersThatArriveAtOnce() throws Exception {
		long before = account("cust-04").points();
		assertThat(atOnce(20, () -> award(UUID.randomUUID(), "cust-04"))).containsOnly(32L);
		assertThat(account("cust-04").points()).isEqualTo(before + 20 * 32);
	}

	@Test
	void knowsTwentyCustomersFiveOfThemPremium() {
		assertThat(Stream.iterate(1, (n) -> n + 1).limit(20).map((n) -> account("cust-%02d".formatted(n))))
			.filteredOn((account) -> account.tier() == Tier.PREMIUM)
			.extracting(Account::customer)
			.containsExactly("cust-03", "cust-07", "cust-11", "cust-15", "cust-19");
	}

	@Test
	void doesNotAwardUnknownCustomer() {
		this.http.post()
			.uri("/awards")
			.contentType(MediaType.APPLICATION_JSON)
			.body(request(UUID.randomUUID(), "cust-21"))
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.NOT_FOUND)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@Test
	void isHealthy() {
		this.http.get().uri("/actuator/health").exchange().expectStatus().isOk();
	}

	private static List<Long> atOnce(int calls, Callable<Long> call) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(calls);
		try {
			List<Long> answers = new ArrayList<>();
			for (Future<Long> answer : callers.invokeAll(Collections.nCopies(calls, call), 30, TimeUnit.SECONDS)) {
				answers.add(answer.get());
			}
			return answers;
		}
		finally {
			callers.shutdownNow();
		}
	}

	private long award(UUID orderId, String customer) {
		return this.http.post()
			.uri("/awards")
			.contentType(MediaType.APPLICATION_JSON)
			.body(request(orderId, customer))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(LoyaltyController.AwardReply.class)
			.returnResult()
			.getResponseBody()
			.points();
	}

	private Account account(String customer) {
		return this.http.get()
			.uri("/customers/{customer}/loyalty", customer)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(Account.class)
			.returnResult()
			.getResponseBody();
	}

	/** As {@code ./demo fault} does it. */
	private static void switchNaiveCategories(String variant) throws IOException {
		ObjectNode flags;
		try (InputStream builtIn = LoyaltyServiceIT.class.getResourceAsStream("/faults.json")) {
			flags = (ObjectNode) JsonMapper.shared().readTree(builtIn);
		}
		((ObjectNode) flags.at("/flags/naive-categories")).put("defaultVariant", variant);
		Path fresh = Files.writeString(directory.resolve("flags.new"), flags.toString());
		Files.move(fresh, directory.resolve("flags.json"), StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.ATOMIC_MOVE);
	}

	private static String request(UUID orderId, String customer) {
		return """
				{ "orderId": "%s", "customer": "%s", "lines": [
				  { "sku": "sku-01", "quantity": 2, "unitPrice": { "amount": "12.50", "currency": "EUR" } },
				  { "sku": "sku-07", "quantity": 1, "unitPrice": { "amount": "7.00", "currency": "EUR" } } ] }"""
			.formatted(orderId, customer);
	}

}
