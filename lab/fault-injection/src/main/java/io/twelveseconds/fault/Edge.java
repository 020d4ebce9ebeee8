package io.twelveseconds.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.AntPathMatcher;

/** Where a fault strikes, and what it may do there. */
enum Edge {

	/** {@code at} is a method and a path, such as {@code POST /charges}. */
	HTTP_SERVER(Map.of("delay-response", Type.TIME, "status", Type.NUMBER, "hang", Type.TIME)) {

		@Override
		boolean matches(String at, String what) {
			return isRequest(at, what);
		}

	},

	/** {@code at} is the same of the request that is sent. */
	HTTP_CLIENT(Map.of("latency", Type.TIME, "refuse", Type.BOOLEAN)) {

		@Override
		boolean matches(String at, String what) {
			return isRequest(at, what);
		}

	},

	/** {@code at} is a part of the statement, such as {@code UPDATE stock}. */
	JDBC(Map.of("latency", Type.TIME, "slow", Type.TIME, "lock-table", Type.TABLE, "hold", Type.TIME, "read-only",
			Type.BOOLEAN)) {

		@Override
		boolean matches(String at, String what) {
			return normalized(what).contains(normalized(at));
		}

		private static String normalized(String sql) {
			return sql.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
		}

	},

	/** {@code at} is the topic. */
	KAFKA_CONSUMER(Map.of("delay", Type.TIME, "fail", Type.BOOLEAN)) {

		@Override
		boolean matches(String at, String what) {
			return at.equals(what);
		}

	},

	/** {@code at} is the topic. */
	KAFKA_PRODUCER(Map.of("malformed", Type.BOOLEAN)) {

		@Override
		boolean matches(String at, String what) {
			return at.equals(what);
		}

	},

	/** Which of two beans does the work; see {@link SwitchedBeans}. */
	BEAN(Map.of("bean", Type.TEXT)) {

		@Override
		boolean matches(String at, String what) {
			return false;
		}

	};

	private static final AntPathMatcher paths = new AntPathMatcher();

	private final Map<String, Type> parameters;

	Edge(Map<String, Type> parameters) {
		this.parameters = parameters;
	}

	static Optional<Edge> named(String name) {
		return Arrays.stream(values()).filter((edge) -> edge.toString().equals(name)).findFirst();
	}

	/** Whether a fault at that place concerns this request, statement or record. */
	abstract boolean matches(String at, String what);

	/** Refuses what would otherwise be found out in the middle of a story, or never. */
	void check(Map<String, String> given) {
		given.forEach((name, value) -> {
			// Which bean does the work is asked with every call, and never counted.
			Type type = (this != BEAN && name.matches("every|seed")) ? Type.NUMBER : this.parameters.get(name);
			if (type == null) {
				throw new IllegalArgumentException("There is no parameter '%s' at the edge %s".formatted(name, this));
			}
			try {
				type.check(value);
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("%s=%s: %s".formatted(name, value, ex.getMessage()), ex);
			}
		});
	}

	private static boolean isRequest(String at, String what) {
		String[] wanted = at.split(" ", 2);
		String[] is = what.split(" ", 2);
		return wanted.length == 2 && wanted[0].equals(is[0]) && paths.match(wanted[1], is[1]);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private enum Type {

		TIME {

			@Override
			void check(String value) {
				DurationStyle.SIMPLE.parse(value);
			}

		},

		NUMBER {

			@Override
			void check(String value) {
				Integer.parseInt(value);
			}

		},

		BOOLEAN {

			@Override
			void check(String value) {
				if (!value.matches("true|false")) {
					throw new IllegalArgumentException("'" + value + "' is neither true nor false");
				}
			}

		},

		TABLE {

			@Override
			void check(String value) {
				if (!value.matches("[a-z_]+")) {
					throw new IllegalArgumentException("'" + value + "' is no name of a table");
				}
			}

		},

		TEXT {

			@Override
			void check(String value) {
				if (value.isBlank()) {
					throw new IllegalArgumentException("A text must not be empty");
				}
			}

		};

		abstract void check(String value);

	}

}
