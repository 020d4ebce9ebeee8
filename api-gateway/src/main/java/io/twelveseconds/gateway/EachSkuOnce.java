package io.twelveseconds.gateway;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.twelveseconds.gateway.OrderController.PlaceRequest.Line;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/**
 * No two lines for the same product: it would be a guess whether the quantities are meant
 * to be added. The violation points at the second line.
 */
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = EachSkuOnce.Validator.class)
@interface EachSkuOnce {

	String message() default "is in an earlier line already: order each product in one line";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	class Validator implements ConstraintValidator<EachSkuOnce, @Nullable List<@Nullable Line>> {

		@Override
		public boolean isValid(@Nullable List<@Nullable Line> lines, ConstraintValidatorContext context) {
			Set<String> seen = new HashSet<>();
			boolean valid = true;
			for (int i = 0; lines != null && i < lines.size(); i++) {
				Line line = lines.get(i);
				if (line != null && line.sku() != null && !seen.add(line.sku())) {
					context.disableDefaultConstraintViolation();
					context.buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate())
						.addPropertyNode("sku")
						.inContainer(List.class, 0)
						.inIterable()
						.atIndex(i)
						.addConstraintViolation();
					valid = false;
				}
			}
			return valid;
		}

	}

}
