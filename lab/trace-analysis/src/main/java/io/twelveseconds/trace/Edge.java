package io.twelveseconds.trace;

/** Work went from one service to another, and how it travelled. */
public record Edge(String from, String to, Kind kind) {

	/** What carried the work across. */
	public enum Kind {

		HTTP, KAFKA, OTHER

	}

	static Edge between(Span sender, Span receiver) {
		Kind kind = carrier(receiver);
		// What the sender says counts only if it is the call itself, not the work around
		// it.
		boolean call = sender.kind() == Span.Kind.CLIENT || sender.kind() == Span.Kind.PRODUCER;
		return new Edge(sender.service(), receiver.service(), (kind == Kind.OTHER && call) ? carrier(sender) : kind);
	}

	private static Kind carrier(Span span) {
		if ("kafka".equals(span.attribute("messaging.system"))) {
			return Kind.KAFKA;
		}
		return !new Reading(span).method().isEmpty() ? Kind.HTTP : Kind.OTHER;
	}

	@Override
	public String toString() {
		return this.from + " > " + this.to + " (" + this.kind + ")";
	}

}
