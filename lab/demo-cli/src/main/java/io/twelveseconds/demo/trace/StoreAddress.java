package io.twelveseconds.demo.trace;

import java.net.URI;

import io.twelveseconds.demo.command.Environment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the traces are: the option of every command that reads them. */
public final class StoreAddress {

	@Option(names = "--traces", paramLabel = "URL", converter = Environment.HttpAddress.class,
			description = "Where the traces are (or DEMO_TRACES; default: http://127.0.0.1:16686).")
	private @Nullable URI option;

	public TraceApi open() {
		return new TraceApi(Environment.address(this.option, "DEMO_TRACES", 16686));
	}

	/** For commands that do not have the option. */
	public static TraceApi openUsual() {
		return new StoreAddress().open();
	}

}
