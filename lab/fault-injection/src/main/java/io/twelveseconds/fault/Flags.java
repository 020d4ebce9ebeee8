package io.twelveseconds.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;

import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.contrib.providers.flagd.resolver.process.model.FlagParser;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.MutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * The flags, through OpenFeature: the only class that knows it. OpenFeature cannot list
 * flags, so the names come from the {@code faults.json} that is built in; what the flags
 * say always comes from where they are kept now.
 */
final class Flags implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(Flags.class);

	private static final Value NOTHING = new Value();

	private final Map<String, JsonNode> builtIn = builtIn();

	private final Set<String> names = new ConcurrentSkipListSet<>();

	private final FaultSettings settings;

	private @Nullable FlagdProvider provider;

	private @Nullable Client client;

	/** The provider would go on telling what it read last. */
	private volatile boolean readable;

	Flags(FaultSettings settings) {
		this.settings = settings;
		this.names.addAll(this.builtIn.keySet());
	}

	/** The flags of {@code faults.json} as it was built, before anybody switched one. */
	static Map<String, JsonNode> builtIn() {
		try (InputStream file = Flags.class.getResourceAsStream("/faults.json")) {
			Map<String, JsonNode> flags = new LinkedHashMap<>();
			JsonMapper.shared()
				.readTree(file)
				.path("flags")
				.properties()
				.forEach((flag) -> flags.put(flag.getKey(), flag.getValue()));
			return flags;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns at once; the flags come a moment later, and with each change again. */
	synchronized void start(Runnable onChange) {
		if (this.settings.file() == null) {
			log.warn("Faults are allowed, but demo.faults.file does not say where their flags are");
			return;
		}
		// It warns that it has no schema to check the file with, which we know.
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel(FlagParser.class.getName(), LogLevel.ERROR);
		this.provider = new FlagdProvider(FlagdOptions.builder()
			.resolverType(Config.Resolver.FILE)
			.offlineFlagSourcePath(this.settings.file().toString())
			.offlinePollIntervalMs((int) this.settings.poll().toMillis())
			.deadline((int) this.settings.deadline().toMillis())
			.build());
		// A domain of its own, should somebody else in this process use OpenFeature.
		String domain = "demo-faults-" + UUID.randomUUID();
		this.client = OpenFeatureAPI.getInstance().getClient(domain);
		this.client.onProviderReady((event) -> {
			this.readable = true;
			onChange.run();
		});
		this.client.onProviderConfigurationChanged((event) -> {
			if (event.getFlagsChanged() != null) {
				this.names.addAll(event.getFlagsChanged());
			}
			this.readable = true;
			onChange.run();
		});
		// Whoever watches the file ends when it is gone, and does not come back.
		this.client.onProviderError((event) -> {
			log.error("All faults are off, since the flags cannot be read: {}. If {} was missing, put it back and "
					+ "restart this service", event.getMessage(), this.settings.file());
			this.readable = false;
			onChange.run();
		});
		OpenFeatureAPI.getInstance().setProvider(domain, this.provider);
	}

	/** The beans that a flag was built to choose between. */
	List<String> beans(String name) {
		JsonNode flag = this.builtIn.get(name);
		return (flag == null) ? List.of()
				: flag.path("variants").findValues("bean").stream().map(JsonNode::asString).toList();
	}

	Set<String> names() {
		return this.names;
	}

	/**
	 * The flag for a request that wants these faults; empty if there is no such flag, or
	 * no file to read it from.
	 */
	synchronized Optional<Flag> flag(String name, Set<String> wanted) {
		if (this.client == null || !this.readable) {
			return Optional.empty();
		}
		MutableContext context = new MutableContext().add("faults", wanted.stream().map(Value::new).toList());
		FlagEvaluationDetails<Value> details = this.client.getObjectDetails(name, NOTHING, context);
		if (details.getErrorCode() != null || details.getVariant() == null || !details.getValue().isStructure()) {
			return Optional.empty();
		}
		return Optional.of(new Flag(name, details.getVariant(), metadata(details, "service"), metadata(details, "edge"),
				metadata(details, "at"), texts(details.getValue())));
	}

	private static String metadata(FlagEvaluationDetails<Value> details, String name) {
		@Nullable String value = details.getFlagMetadata().getString(name);
		return (value != null) ? value : "";
	}

	private static Map<String, String> texts(Value structure) {
		Map<String, String> texts = new LinkedHashMap<>();
		structure.asStructure().asMap().forEach((name, value) -> texts.put(name, text(value)));
		return texts;
	}

	/** Every number that a fault takes is a whole one; JSON has them all as doubles. */
	private static String text(Value value) {
		return value.isNumber() ? String.valueOf(Math.round(value.asDouble())) : String.valueOf(value.asObject());
	}

	@Override
	public synchronized void close() {
		if (this.provider != null) {
			this.provider.shutdown();
		}
	}

}
