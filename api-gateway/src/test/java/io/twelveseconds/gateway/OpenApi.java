package io.twelveseconds.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The document that the gateway serves, and what it says about an answer.
 */
final class OpenApi {

	static final JsonNode document = read();

	private static final List<String> SAID_IN_THE_DOCUMENT = List.of("Location", "Idempotent-Replayed", "Retry-After",
			"traceresponse");

	private static final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
			(registry) -> registry
				.schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

	private OpenApi() {
	}

	/** Such as {@code GET /api/orders/{id}}. */
	static Set<String> operations() {
		Set<String> operations = new TreeSet<>();
		document.path("paths")
			.propertyStream()
			.forEach((path) -> path.getValue()
				.propertyNames()
				.forEach((method) -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
		return operations;
	}

	static void check(String method, String target, Door.Answer answer) {
		if (method.equals("OPTIONS") && answer.status() == 200) {
			return;
		}
		JsonNode operation = operation(method, target);
		if (operation.isMissingNode()) {
			assertThat(answer.status()).as("%s %s: %s", method, target, answer).isBetween(400, 499);
			check(answer, resolve("#/components/responses/Problem"), method.equals("HEAD"));
			return;
		}
		JsonNode response = operation.path("responses").path(String.valueOf(answer.status()));
		assertThat(response.isMissingNode()).as("Status of %s %s is not documented: %s", method, target, answer)
			.isFalse();
		check(answer, response.has("$ref") ? resolve(response.path("$ref").stringValue()) : response,
				method.equals("HEAD"));
	}

	/** Of an answer to what need not be HTTP, let alone one of our operations. */
	static void checkProblem(Door.Answer answer) {
		check(answer, resolve("#/components/responses/Problem"), false);
	}

	private static JsonNode operation(String method, String target) {
		String path = target.replaceAll("\\?.*", "");
		String name = method.equals("HEAD") ? "GET" : method;
		return document.path("paths")
			.propertyStream()
			.filter((entry) -> name.equals(name.toUpperCase(Locale.ROOT))
					&& path.matches(entry.getKey().replaceAll("\\{.*?}", "[^/]+")))
			.map((entry) -> entry.getValue().path(name.toLowerCase(Locale.ROOT)))
			.findFirst()
			.orElse(MissingNode.getInstance());
	}

	private static void check(Door.Answer answer, JsonNode response, boolean headOnly) {
		for (String name : SAID_IN_THE_DOCUMENT) {
			JsonNode header = response.path("headers").path(name);
			header = header.has("$ref") ? resolve(header.path("$ref").stringValue()) : header;
			String value = answer.header(name);
			if (value == null) {
				assertThat(header.path("required").asBoolean(false)).as("%s is missing: %s", name, answer).isFalse();
			}
			else {
				assertThat(header.isMissingNode()).as("Header %s is not documented: %s", name, answer).isFalse();
				assertThat(errors(header.path("schema"), JsonMapper.shared().valueToTree(value))).as(name).isEmpty();
			}
		}
		String type = String.valueOf(answer.header("Content-Type"));
		assertThat(response.path("content").has(type)).as("Media type is not documented: %s", answer).isTrue();
		if (!headOnly) {
			assertThat(errors(response.path("content").path(type).path("schema"), answer.json())).as("%s", answer)
				.isEmpty();
		}
	}

	static List<Error> errors(JsonNode schema, JsonNode instance) {
		ObjectNode root = ((ObjectNode) schema).deepCopy();
		root.set("components", document.path("components"));
		return schemas.getSchema(root).validate(instance);
	}

	static JsonNode resolve(String reference) {
		return document.at(reference.substring(1));
	}

	private static JsonNode read() {
		try (InputStream yaml = OpenApi.class.getResourceAsStream("/static/openapi.yaml")) {
			return JsonMapper.shared().valueToTree(new Yaml().load(yaml));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
