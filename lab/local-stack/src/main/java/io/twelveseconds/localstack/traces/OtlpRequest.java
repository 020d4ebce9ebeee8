package io.twelveseconds.localstack.traces;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/**
 * Takes an export request apart. Walks its bytes instead of parsing it as a whole,
 * because two bytes on the wire can be an object of 200 in memory: only one span,
 * resource or scope at a time becomes objects, and none is kept that would become too
 * many when it is read.
 */
final class OtlpRequest {

	private static final int MAX_PART = 1024 * 1024;

	/** As objects, half a megabyte at most. An ordinary span has a hundred. */
	static final int MAX_FIELDS = 10_000;

	private OtlpRequest() {
	}

	/** Every span of the request, or an exception and none. */
	static List<ReceivedSpan> spans(byte[] request) throws InvalidProtocolBufferException {
		List<ReceivedSpan> spans = new ArrayList<>();
		each(ByteString.copyFrom(request), ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER, (ofResource) -> {
			Resource resource = parsed(only(ofResource, ResourceSpans.RESOURCE_FIELD_NUMBER), Resource.parser());
			String service = Origin.service(resource);
			ByteString resourceBytes = resource.toByteString();
			each(ofResource, ResourceSpans.SCOPE_SPANS_FIELD_NUMBER, (ofScope) -> {
				InstrumentationScope scope = parsed(only(ofScope, ScopeSpans.SCOPE_FIELD_NUMBER),
						InstrumentationScope.parser());
				Origin origin = new Origin(service, resourceBytes, scope.toByteString());
				each(ofScope, ScopeSpans.SPANS_FIELD_NUMBER, (span) -> spans.add(span(origin, span)));
			});
		});
		return spans;
	}

	private static ReceivedSpan span(Origin origin, ByteString bytes) throws InvalidProtocolBufferException {
		Span span = parsed(bytes, Span.parser());
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
		return found[0];
	}

	private static <T extends Message> T parsed(ByteString part, Parser<T> parser)
			throws InvalidProtocolBufferException {
		if (part.size() > MAX_PART) {
			throw new InvalidProtocolBufferException(
					"a span, resource or scope of %d bytes; at most %d are taken".formatted(part.size(), MAX_PART));
		}
		T message = parser.parseFrom(part);
		if (fields(part, message.getDescriptorForType()) > MAX_FIELDS) {
			throw new InvalidProtocolBufferException(
					"a span, resource or scope of more than %d fields".formatted(MAX_FIELDS));
		}
		return message;
	}

	/** Those of the messages within included: each may become an object. */
	private static int fields(ByteString message, Descriptor type) throws InvalidProtocolBufferException {
		int[] count = { 0 };
		walk(message, (tag, in) -> {
			count[0]++;
			FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
			if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_START_GROUP) {
				throw new InvalidProtocolBufferException("a group, of which OTLP has none");
			}
			if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
					&& WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
				count[0] += fields(in.readBytes(), field.getMessageType());
				return true;
			}
			return in.skipField(tag);
		});
		return count[0];
	}

	private static void each(ByteString message, int number, Part part) throws InvalidProtocolBufferException {
		int wanted = (number << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
		walk(message, (tag, in) -> {
			if (tag != wanted) {
				return in.skipField(tag);
			}
			part.accept(in.readBytes());
			return true;
		});
	}

	private static void walk(ByteString message, Field field) throws InvalidProtocolBufferException {
		CodedInputStream in = message.newCodedInput();
		in.enableAliasing(true);
		try {
			for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
				if (!field.read(tag, in)) {
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

	private interface Field {

		/** False at the end of a group. */
		boolean read(int tag, CodedInputStream in) throws IOException;

	}

}
