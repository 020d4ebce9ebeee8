package io.twelveseconds.localstack.traces;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;

/**
 * Where spans come from: the process and the instrumentation that made them. Kept as
 * bytes, like the spans themselves.
 *
 * @param service the service's name, empty if it has none
 * @param resourceBytes shared by all origins of one process
 */
record Origin(String service, ByteString resourceBytes, ByteString scopeBytes) {

	static String service(Resource resource) {
		return resource.getAttributesList()
			.stream()
			.filter((attribute) -> attribute.getKey().equals("service.name"))
			.map((attribute) -> attribute.getValue().getStringValue())
			.findFirst()
			.orElse("");
	}

	Resource resource() {
		return parsed(this.resourceBytes, Resource.parser());
	}

	InstrumentationScope scope() {
		return parsed(this.scopeBytes, InstrumentationScope.parser());
	}

	int size() {
		return this.resourceBytes.size() + this.scopeBytes.size();
	}

	private static <T extends Message> T parsed(ByteString bytes, Parser<T> parser) {
		try {
			return parser.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException("an origin was kept that cannot be read", ex);
		}
	}

}
