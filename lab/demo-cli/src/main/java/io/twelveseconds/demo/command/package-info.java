/**
 * What all commands share: how they read settings, files and times, and how they put into
 * words what went wrong. It knows nothing of the shop.
 */
@NullMarked
package io.twelveseconds.demo.command;

import org.jspecify.annotations.NullMarked;
