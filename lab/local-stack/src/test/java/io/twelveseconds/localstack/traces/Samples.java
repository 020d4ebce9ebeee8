package io.twelveseconds.localstack.traces;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/** Small spans with round numbers. */
final class Samples {

	/** 2026-01-01T00:00:00Z. */
	static final long NEW_YEAR = 1_767_225_600_000_000_000L;

	private Samples() {
	}

	static String traceId(long number) {
		return "%032x".formatted(number);
	}

	/** An internal span of one millisecond. */
	static Span.Builder span(long traceId, long spanId) {
		return Span.newBuilder()
			.setTraceId(hex(traceId(traceId)))
			.setSpanId(hex("%016x".formatted(spanId)))
			.setName("span " + spanId)
			.setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
			.setStartTimeUnixNano(NEW_YEAR)
			.setEndTimeUnixNano(NEW_YEAR + 1_000_000);
	}

	static KeyValue attribute(String key, Object value) {
		AnyValue.Builder any = AnyValue.newBuilder();
		if (value instanceof Boolean is) {
			any.setBoolValue(is);
		}
		else if (value instanceof Long number) {
			any.setIntValue(number);
		}
		else if (value instanceof Double number) {
			any.setDoubleValue(number);
		}
		else {
			any.setStringValue(value.toString());
		}
		return KeyValue.newBuilder().setKey(key).setValue(any).build();
	}

	static ExportTraceServiceRequest request(String service, Span.Builder... spans) {
		return ExportTraceServiceRequest.newBuilder()
			.addResourceSpans(ResourceSpans.newBuilder()
				.setResource(Resource.newBuilder().addAttributes(attribute("service.name", service)))
				.addScopeSpans(ScopeSpans.newBuilder()
					.setScope(InstrumentationScope.newBuilder().setName("sample"))
					.addAllSpans(Stream.of(spans).map(Span.Builder::build).toList())))
			.build();
	}

	/** The same, as the store sees it after reading. */
	static List<ReceivedSpan> received(String service, Span.Builder... spans) {
		try {
			return OtlpRequest.spans(request(service, spans).toByteArray());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static ByteString hex(String digits) {
		return ByteString.copyFrom(HexFormat.of().parseHex(digits));
	}

}
