/**
 * Tells customers by mail what became of their orders, once per piece of news. Names and
 * addresses live in this service's database and leave it in mails only: they appear in no
 * log, span, event or reply.
 */
@NullMarked
package io.twelveseconds.notification;

import org.jspecify.annotations.NullMarked;
