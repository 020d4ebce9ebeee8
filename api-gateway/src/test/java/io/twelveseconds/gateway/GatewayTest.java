package io.twelveseconds.gateway;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;

/**
 * The whole gateway on a real port, with stubs on the wire for its neighbours: most of
 * what comes in broken is answered by Tomcat or on the way to the controllers. One
 * context serves all the tests.
 */
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = { ApiGatewayApplication.class, KnownTrace.class },
		webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = Neighbours.class)
@interface GatewayTest {

}
