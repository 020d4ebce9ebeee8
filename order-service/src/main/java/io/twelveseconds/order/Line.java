package io.twelveseconds.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A line of an order, here as with the neighbours that it is sent to.
 *
 * @param unitPrice null until inventory-service has named it with the reservation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Line(String sku, int quantity, @Nullable Money unitPrice) {
}
