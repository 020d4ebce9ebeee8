package io.twelveseconds.demo;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A test of a command with the files of this repository and an empty directory for what
 * the command keeps. No setting that it makes outlives it.
 */
public class OwnHome {

	@TempDir
	public Path home;

	@BeforeEach
	void useIt() {
		System.setProperty("DEMO_ROOT", Path.of("../..").toAbsolutePath().normalize().toString());
		System.setProperty("DEMO_HOME", this.home.toString());
	}

	@AfterEach
	void forgetIt() {
		System.getProperties()
			.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith("DEMO_"))
			.forEach(System::clearProperty);
	}

}
