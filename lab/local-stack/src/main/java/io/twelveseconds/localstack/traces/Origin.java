package io.twelveseconds.localstack.traces;

import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;

/** Where a span comes from: the process and the instrumentation that made it. */
record Origin(Resource resource, InstrumentationScope scope) {

	/** The service's name, empty if it has none. */
	String service() {
		return this.resource.getAttributesList()
			.stream()
			.filter((attribute) -> attribute.getKey().equals("service.name"))
			.map((attribute) -> attribute.getValue().getStringValue())
			.findFirst()
			.orElse("");
	}

	int size() {
		return this.resource.getSerializedSize() + this.scope.getSerializedSize();
	}

}
