package io.twelveseconds.trace;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells the two sides of a call where the spans do not: old clients of Jaeger leave that
 * to whoever traces by hand.
 */
final class Kinds {

	private Kinds() {
	}

	/**
	 * Micronaut says it by an attribute. Where work goes over to another service and
	 * neither side says what it is, the upper one asks and the lower one answers. Whoever
	 * has other work below, too, is no call.
	 */
	static List<Span> told(Collection<Span> given) {
		List<Span> spans = given.stream().map(Kinds::ofAttribute).toList();
		Map<String, Span> byId = new HashMap<>();
		spans.forEach((span) -> byId.putIfAbsent(span.id(), span));
		Set<String> asked = new HashSet<>();
		Set<String> worked = new HashSet<>();
		for (Span span : spans) {
			(answers(span, byId) ? asked : worked).add(span.parentId());
		}
		List<Span> told = new ArrayList<>();
		for (Span span : spans) {
			boolean asks = span.ownWork() && asked.contains(span.id()) && !worked.contains(span.id());
			told.add(answers(span, byId) ? span.withKind(Span.Kind.SERVER)
					: asks ? span.withKind(Span.Kind.CLIENT) : span);
		}
		return told;
	}

	private static Span ofAttribute(Span span) {
		return !span.ownWork() ? span : span.text("http.client").equals("true") ? span.withKind(Span.Kind.CLIENT)
				: span.text("http.server").equals("true") ? span.withKind(Span.Kind.SERVER) : span;
	}

	private static boolean answers(Span span, Map<String, Span> byId) {
		Span parent = byId.get(span.parentId());
		return span.ownWork() && parent != null && parent.ownWork() && !parent.service().equals(span.service());
	}

}
