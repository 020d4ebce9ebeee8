package io.twelveseconds.demo.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What is wrong with a file, in words. */
public final class FileProblem {

	private FileProblem() {
	}

	/** Most of the JDK's exceptions about files say no more than the file's name. */
	public static String words(IOException ex) {
		if (ex instanceof NoSuchFileException missing) {
			return "There is no file or directory " + missing.getFile();
		}
		if (ex instanceof AccessDeniedException denied) {
			return "There is no permission for " + denied.getFile();
		}
		boolean nameOnly = ex instanceof FileSystemException file && file.getReason() == null;
		return nameOnly ? ex.toString() : Objects.requireNonNullElseGet(ex.getMessage(), ex::toString);
	}

	/**
	 * Reads the name of a file that is to be written in the end: whoever cannot write it
	 * is told before the work.
	 */
	public static final class Writable implements ITypeConverter<Path> {

		@Override
		public Path convert(String value) {
			Path file = Path.of(value);
			Path parent = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
			require(!Files.isDirectory(file), file, "it is a directory");
			require(Files.isDirectory(parent), file, "there is no directory " + parent);
			require(Files.isWritable(Files.exists(file) ? file : parent), file, "there is no permission");
			return file;
		}

		private static void require(boolean holds, Path file, String problem) {
			if (!holds) {
				throw new TypeConversionException("%s cannot be written: %s".formatted(file, problem));
			}
		}

	}

}
