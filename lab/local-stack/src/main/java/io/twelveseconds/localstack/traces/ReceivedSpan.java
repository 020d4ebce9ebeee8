package io.twelveseconds.localstack.traces;

/**
 * A span on its way in, checked and ready to be kept: ids in hex, the rest as protobuf.
 */
record ReceivedSpan(String traceId, String spanId, Origin origin, byte[] bytes) {
}
