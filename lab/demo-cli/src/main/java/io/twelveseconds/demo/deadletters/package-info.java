/**
 * Events that no consumer could take: listed, and sent again.
 */
@NullMarked
package io.twelveseconds.demo.deadletters;

import org.jspecify.annotations.NullMarked;
