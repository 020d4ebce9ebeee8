package io.twelveseconds.demo.scenario;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The pages point at lines of the code, which move when the code is changed. */
class StoryPagesTests {

	private static final Path ROOT = Path.of("..", "..");

	private static final Pattern LINK = Pattern.compile("\\]\\((\\.\\.[^)#]+)(?:#L(\\d+)-L(\\d+))?\\)");

	@ParameterizedTest
	@MethodSource("stories")
	void everyStoryHasAPageAndARowInTheReadme(String story) throws IOException {
		assertThat(page(story)).exists();
		assertThat(Files.readString(page(story))).contains("./demo scenario " + story);
		assertThat(Files.readString(ROOT.resolve("README.md")))
			.contains("[" + story + "](docs/stories/" + story + ".md)");
	}

	@ParameterizedTest
	@MethodSource("stories")
	void linksPointAtWholePiecesOfCode(String story) throws IOException {
		List<MatchResult> links = links(Files.readString(page(story)));
		assertThat(links).isNotEmpty();
		for (MatchResult link : links) {
			Path file = page(story).getParent().resolve(link.group(1)).normalize();
			assertThat(file).exists();
			if (link.group(2) != null) {
				List<String> lines = Files.readAllLines(file);
				int first = Integer.parseInt(link.group(2));
				int last = Integer.parseInt(link.group(3));
				assertThat(last).as(link.group()).isGreaterThan(first).isLessThanOrEqualTo(lines.size());
				List<String> piece = lines.subList(first - 1, last);
				assertThat(piece.get(0)).as(link.group()).isNotBlank();
				if (file.toString().endsWith(".java")) {
					assertThat(isWhole(String.join("\n", piece))).as(link.group() + " is cut out of a method").isTrue();
				}
			}
		}
	}

	@Test
	void everyWordOfAStoryIsExplained() throws IOException {
		String page = Files.readString(ROOT.resolve("scenarios/README.md"));
		assertThat(Stream.<Class<?>>of(Scenario.class, Expected.class, TellingTrace.class)
			.flatMap((type) -> Stream.concat(Stream.of(type), Stream.of(type.getDeclaredClasses())))
			.filter((type) -> type.isRecord() && type != Scenario.Switch.class)
			.flatMap((type) -> Stream.of(type.getRecordComponents()))
			.map(StoryPagesTests::word)).isNotEmpty().allSatisfy((word) -> assertThat(page).contains("`" + word + "`"));
	}

	private static String word(RecordComponent component) {
		JsonProperty other = component.getAccessor().getAnnotation(JsonProperty.class);
		return (other != null) ? other.value()
				: component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	/** Begins before a brace, closes what it opens, and ends with that. */
	private static boolean isWhole(String code) {
		int depth = 0;
		for (char c : code.toCharArray()) {
			depth += (c == '{') ? 1 : (c == '}') ? -1 : 0;
			if (depth < 0) {
				return false;
			}
		}
		return depth == 0 && code.endsWith("}");
	}

	private static List<MatchResult> links(String text) {
		List<MatchResult> links = new ArrayList<>();
		Matcher matcher = LINK.matcher(text);
		while (matcher.find()) {
			links.add(matcher.toMatchResult());
		}
		return links;
	}

	private static Path page(String story) {
		return ROOT.resolve("docs/stories").resolve(story + ".md");
	}

	static List<String> stories() throws IOException {
		try (Stream<Path> files = Files.list(ROOT.resolve("scenarios"))) {
			return files.map((file) -> file.getFileName().toString())
				.filter((file) -> file.endsWith(".yaml"))
				.map((file) -> file.replace(".yaml", ""))
				.sorted()
				.toList();
		}
	}

}
