/**
 * What the local stack is made of: each part with its program, its process and its ports.
 * {@link io.twelveseconds.demo.part.Parts} lists them.
 */
@NullMarked
package io.twelveseconds.demo.part;

import org.jspecify.annotations.NullMarked;
