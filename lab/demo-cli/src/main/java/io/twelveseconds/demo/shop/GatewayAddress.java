package io.twelveseconds.demo.shop;

import java.net.URI;

import io.twelveseconds.demo.command.Environment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the gateway is: the option of every command that asks it. */
public final class GatewayAddress {

	@Option(names = "--gateway", paramLabel = "URL", converter = Environment.HttpAddress.class,
			description = "Where the gateway is (or DEMO_GATEWAY; default: http://127.0.0.1:8080).")
	private @Nullable URI option;

	public URI get() {
		return Environment.address(this.option, "DEMO_GATEWAY", 8080);
	}

	/** For commands that do not have the option. */
	public static URI usual() {
		return new GatewayAddress().get();
	}

}
