/**
 * Counts, now and then, what lies on the front shelves, while the shop sells from them.
 * Two ways to do it stand side by side: one looks at a snapshot, the other locks each row
 * for as long as the counting takes. What is sold, and to whom, is not known here.
 */
@NullMarked
package io.twelveseconds.inventory.stocktake;

import org.jspecify.annotations.NullMarked;
