package io.twelveseconds.fault;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings under {@code demo.faults}.
 *
 * @param allowed whether flags and baggage may do anything at all
 * @param file the flags, in flagd's format
 * @param poll how often the file is looked at
 * @param deadline how long flags may take to come: a busy start takes longer than the
 * provider's own second
 */
@ConfigurationProperties("demo.faults")
record FaultSettings(boolean allowed, @Nullable Path file, @DefaultValue("500ms") Duration poll,
		@DefaultValue("60s") Duration deadline) {
}
