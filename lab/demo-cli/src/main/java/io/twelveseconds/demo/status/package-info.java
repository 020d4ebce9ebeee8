/**
 * What runs, and what is amiss.
 */
@NullMarked
package io.twelveseconds.demo.status;

import org.jspecify.annotations.NullMarked;
