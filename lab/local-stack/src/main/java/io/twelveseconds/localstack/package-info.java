/**
 * PostgreSQL, Kafka and mail for a machine without Docker: each a program of its own, and
 * a class that a test can start in its own process. They listen on 127.0.0.1 only.
 * Nothing here knows the shop, except the names of its databases.
 */
@NullMarked
package io.twelveseconds.localstack;

import org.jspecify.annotations.NullMarked;
