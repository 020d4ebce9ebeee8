package io.twelveseconds.notification;

import org.springframework.kafka.listener.CommonErrorHandler;

/**
 * What becomes of an event that cannot be handled. It is retried in its place, so that
 * the events behind it wait and keep their order; the question is for how long.
 */
interface FailedEvents extends CommonErrorHandler {

}
