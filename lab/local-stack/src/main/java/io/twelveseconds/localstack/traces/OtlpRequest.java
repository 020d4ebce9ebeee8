package io.twelveseconds.localstack.traces;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/**
 * Takes an export request apart. Walks its bytes instead of parsing it as a whole,
 * because two bytes on the wire can be an object of 200 in memory: only one span at a
 * time becomes objects.
 */
final class OtlpRequest {

	private static final int MAX_PART = 1024 * 1024;

	private OtlpRequest() {
	}

	/** Every span of the request, or an exception and none. */
	static List<ReceivedSpan> spans(byte[] request) throws InvalidProtocolBufferException {
		List<ReceivedSpan> spans = new ArrayList<>();
		each(ByteString.copyFrom(request), ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER, (ofResource) -> {
			Resource resource = Resource.parseFrom(only(ofResource, ResourceSpans.RESOURCE_FIELD_NUMBER));
			each(ofResource, ResourceSpans.SCOPE_SPANS_FIELD_NUMBER, (ofScope) -> {
				Origin origin = new Origin(resource,
						InstrumentationScope.parseFrom(only(ofScope, ScopeSpans.SCOPE_FIELD_NUMBER)));
				each(ofScope, ScopeSpans.SPANS_FIELD_NUMBER, (span) -> spans.add(span(origin, span)));
			});
		});
		return spans;
	}

	private static ReceivedSpan span(Origin origin, ByteString bytes) throws InvalidProtocolBufferException {
		Span span = Span.parseFrom(small(bytes));
		return new ReceivedSpan(id(span, "trace id", span.getTraceId(), 16), id(span, "span id", span.getSpanId(), 8),
				origin, bytes.toByteArray());
	}

	private static String id(Span span, String what, ByteString id, int length) throws InvalidProtocolBufferException {
		String hex = HexFormat.of().formatHex(id.toByteArray());
		if (id.size() != length || hex.chars().allMatch((digit) -> digit == '0')) {
			throw new InvalidProtocolBufferException("span \"%s\" has the %s \"%s\", which is not %d bytes, or all zero"
				.formatted(shortened(span.getName()), what, shortened(hex), length));
		}
		return hex;
	}

	private static String shortened(String text) {
		return ((text.length() > 100) ? text.substring(0, 100) + "…" : text).replaceAll("\\p{Cc}", " ");
	}

	/** The one field of this number, empty if there is none; of several, the last. */
	private static ByteString only(ByteString message, int number) throws InvalidProtocolBufferException {
		ByteString[] found = { ByteString.EMPTY };
		each(message, number, (field) -> found[0] = field);
		return small(found[0]);
	}

	private static ByteString small(ByteString part) throws InvalidProtocolBufferException {
		if (part.size() > MAX_PART) {
			throw new InvalidProtocolBufferException(
					"a span, resource or scope of %d bytes; at most %d are taken".formatted(part.size(), MAX_PART));
		}
		return part;
	}

	private static void each(ByteString message, int number, Part part) throws InvalidProtocolBufferException {
		CodedInputStream in = message.newCodedInput();
		in.enableAliasing(true);
		int wanted = (number << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
		try {
			for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
				if (tag == wanted) {
					part.accept(in.readBytes());
				}
				else if (!in.skipField(tag)) {
					throw new InvalidProtocolBufferException("a group ends that never began");
				}
			}
		}
		catch (InvalidProtocolBufferException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new IllegalStateException("reading from memory cannot fail", ex);
		}
	}

	private interface Part {

		void accept(ByteString bytes) throws InvalidProtocolBufferException;

	}

}
