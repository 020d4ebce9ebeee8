package io.twelveseconds.teststack;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sets {@code spring.datasource.url} to a database in a real PostgreSQL. What an earlier
 * test class of the same run left in it is still there.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RealServersExtension.class)
public @interface RealPostgres {

	/** The name of the database, of the role that owns it, and the role's password. */
	String value();

}
