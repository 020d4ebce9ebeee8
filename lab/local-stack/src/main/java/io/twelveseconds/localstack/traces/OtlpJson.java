package io.twelveseconds.localstack.traces;

import java.io.OutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.twelveseconds.localstack.Http;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Protobuf messages as OTLP JSON and back, field by field from their descriptors. OTLP
 * departs from protobuf's own JSON: ids are hex and enums are numbers. What is written
 * and what is left out follows Jaeger.
 */
final class OtlpJson {

	private static final Set<String> HEX = Set.of("trace_id", "span_id", "parent_span_id");

	// An empty object is two tokens here and some hundred bytes in memory. An ordinary
	// span has fewer than 200 tokens.
	private static final JsonFactory JSON = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(400_000).maxNestingDepth(100).build())
		.build();

	private OtlpJson() {
	}

	static JsonParser parser(byte[] json) {
		return JSON.createParser(ObjectReadContext.empty(), json);
	}

	static JsonGenerator generator(OutputStream out) {
		return JSON.createGenerator(ObjectWriteContext.empty(), out);
	}

	/** Reads the one object that the JSON consists of; unknown fields are passed over. */
	static void read(JsonParser json, Message.Builder into) {
		require(json.nextToken() == JsonToken.START_OBJECT, json, "an object");
		readFields(json, into);
		require(json.nextToken() == null, json, "nothing more");
	}

	private static void readFields(JsonParser json, Message.Builder into) {
		while (json.nextToken() != JsonToken.END_OBJECT) {
			FieldDescriptor field = field(into, json.currentName());
			JsonToken token = json.nextToken();
			if (field == null) {
				json.skipChildren();
			}
			else if (token == JsonToken.VALUE_NULL) {
				into.clearField(field);
			}
			else if (field.isRepeated()) {
				require(token == JsonToken.START_ARRAY, json, "an array");
				while (json.nextToken() != JsonToken.END_ARRAY) {
					into.addRepeatedField(field, readValue(json, into, field));
				}
			}
			else {
				into.setField(field, readValue(json, into, field));
			}
		}
	}

	private static @Nullable FieldDescriptor field(Message.Builder message, String name) {
		for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
			if (field.getJsonName().equals(name)) {
				return field;
			}
		}
		return null;
	}

	private static Object readValue(JsonParser json, Message.Builder owner, FieldDescriptor field) {
		JsonToken token = json.currentToken();
		if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
			require(token == JsonToken.START_OBJECT, json, "an object");
			Message.Builder message = owner.newBuilderForField(field);
			readFields(json, message);
			return message.build();
		}
		if (field.getJavaType() == FieldDescriptor.JavaType.BOOLEAN) {
			require(token.isBoolean(), json, "true or false");
			return token == JsonToken.VALUE_TRUE;
		}
		boolean isText = field.getJavaType() == FieldDescriptor.JavaType.STRING
				|| field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING;
		require(token == JsonToken.VALUE_STRING || token.isNumeric() && !isText, json,
				isText ? "a string" : "a number");
		String text = json.getString();
		try {
			return switch (field.getType()) {
				case STRING -> text;
				case BYTES -> ByteString.copyFrom(HEX.contains(field.getName()) ? HexFormat.of().parseHex(text)
						: Base64.getDecoder().decode(text));
				case ENUM -> enumValue(field, text);
				case DOUBLE -> Double.valueOf(text);
				case FIXED64, UINT64 -> Long.parseUnsignedLong(text);
				case FIXED32, UINT32 -> Integer.parseUnsignedInt(text);
				default -> (field.getJavaType() == FieldDescriptor.JavaType.INT) ? (Object) Integer.valueOf(text)
						: (Object) Long.valueOf(text);
			};
		}
		catch (IllegalArgumentException ex) {
			throw malformed(json, "not a value of type " + field.getType().name().toLowerCase(Locale.ROOT));
		}
	}

	private static EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
		EnumValueDescriptor byName = field.getEnumType().findValueByName(text);
		return (byName != null) ? byName
				: field.getEnumType().findValueByNumberCreatingIfUnknown(Integer.parseInt(text));
	}

	private static void require(boolean condition, JsonParser json, String expected) {
		if (!condition) {
			throw malformed(json, "expected " + expected);
		}
	}

	private static Http.Refusal malformed(JsonParser json, String complaint) {
		return new Http.Refusal(400,
				"malformed OTLP JSON at %s: %s".formatted(json.streamReadContext().pathAsPointer(), complaint));
	}

	static void write(Message message, JsonGenerator json) {
		json.writeStartObject();
		for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
			if (field.isRepeated()) {
				writeList((List<?>) message.getField(field), field, json);
			}
			else if (isWritten(message, field)) {
				json.writeName(field.getJsonName());
				writeValue(message.getField(field), field, json);
			}
		}
		json.writeEndObject();
	}

	/** Jaeger leaves out scalars with their default value, but never an empty object. */
	private static boolean isWritten(Message message, FieldDescriptor field) {
		return message.hasField(field)
				|| field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && field.getContainingOneof() == null;
	}

	private static void writeList(List<?> values, FieldDescriptor field, JsonGenerator json) {
		if (!values.isEmpty()) {
			json.writeArrayPropertyStart(field.getJsonName());
			values.forEach((value) -> writeValue(value, field, json));
			json.writeEndArray();
		}
	}

	private static void writeValue(Object value, FieldDescriptor field, JsonGenerator json) {
		switch (field.getType()) {
			case MESSAGE -> write((Message) value, json);
			case BOOL -> json.writeBoolean((Boolean) value);
			case ENUM -> json.writeNumber(((EnumValueDescriptor) value).getNumber());
			case DOUBLE -> json.writeNumber((Double) value);
			case FIXED32, UINT32 -> json.writeNumber(Integer.toUnsignedLong((Integer) value));
			// 64-bit numbers are text, since JavaScript's have only 53 bits.
			case FIXED64, UINT64 -> json.writeString(Long.toUnsignedString((Long) value));
			case BYTES -> json.writeString(text((ByteString) value, HEX.contains(field.getName())));
			case INT32, SINT32, SFIXED32 -> json.writeNumber((Integer) value);
			default -> json.writeString(value.toString());
		}
	}

	private static String text(ByteString bytes, boolean hex) {
		return hex ? HexFormat.of().formatHex(bytes.toByteArray())
				: Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

}
