/**
 * A real PostgreSQL and a real Kafka for a test, by an annotation: from containers where
 * a Docker engine answers, inside the test's process elsewhere. One of each per JVM,
 * shared by all test classes; nothing here knows what the services do with them.
 */
@NullMarked
package io.twelveseconds.teststack;

import org.jspecify.annotations.NullMarked;
