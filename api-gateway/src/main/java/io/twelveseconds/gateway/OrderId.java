package io.twelveseconds.gateway;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;

/**
 * The form of an order's id. A parameter of type UUID would also take 1-1-1-1-1.
 */
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
@ReportAsSingleViolation
@Pattern(regexp = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
@interface OrderId {

	String message() default "must be a UUID";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

}
