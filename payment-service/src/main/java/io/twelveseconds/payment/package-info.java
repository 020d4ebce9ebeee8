/**
 * Charges and refunds, each once per order however often they are asked for. Cards are
 * known here by the provider's token only, and the token stays here. What was bought, and
 * whether it is in stock, is not known here.
 */
@NullMarked
package io.twelveseconds.payment;

import org.jspecify.annotations.NullMarked;
