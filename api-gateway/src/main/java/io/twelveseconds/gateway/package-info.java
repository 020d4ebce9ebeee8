/**
 * The only door to the shop. It checks what comes in, asks the service that knows, and
 * passes its answer on; every refusal and failure leaves as a problem (RFC 9457).
 * Business rules do not live here, nor does any state.
 */
@NullMarked
package io.twelveseconds.gateway;

import org.jspecify.annotations.NullMarked;
