package io.twelveseconds.demo.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.TypeConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FileProblemTests {

	@TempDir
	private Path home;

	@Test
	void nameOfAFileIsNotAllThatIsSaid() {
		assertThat(FileProblem.words(new NoSuchFileException("/a/b"))).isEqualTo("There is no file or directory /a/b");
		assertThat(FileProblem.words(new AccessDeniedException("/a/b"))).isEqualTo("There is no permission for /a/b");
		assertThat(FileProblem.words(new NotDirectoryException("/a/b"))).contains("NotDirectory", "/a/b");
	}

	@Test
	void othersSayItThemselvesIfTheyCan() {
		assertThat(FileProblem.words(new IOException("No space left"))).isEqualTo("No space left");
		assertThat(FileProblem.words(new IOException())).isEqualTo("java.io.IOException");
	}

	@Test
	void newAndOldFilesCanBeWritten() throws IOException {
		Path file = this.home.resolve("report.html");
		assertThat(new FileProblem.Writable().convert(file.toString())).isEqualTo(file);
		Files.writeString(file, "old");
		assertThat(new FileProblem.Writable().convert(file.toString())).isEqualTo(file);
		assertThat(new FileProblem.Writable().convert("report.html")).isEqualTo(Path.of("report.html"));
	}

	@Test
	void whatCannotBeWrittenIsSaidWithItsReason() throws IOException {
		refuses(this.home, "it is a directory");
		refuses(this.home.resolve("no/report.html"), "there is no directory " + this.home.resolve("no"));
		Path file = Files.writeString(this.home.resolve("file"), "");
		refuses(file.resolve("report.html"), "there is no directory " + file);
	}

	private static void refuses(Path file, String reason) {
		assertThatExceptionOfType(TypeConversionException.class)
			.isThrownBy(() -> new FileProblem.Writable().convert(file.toString()))
			.withMessage("%s cannot be written: %s".formatted(file, reason));
	}

}
