package io.twelveseconds.system;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the code's shape, checked on the compiled services and the command.
 */
class ArchitectureTests {

	private static final List<String> SERVICES = List.of("api-gateway", "order-service", "inventory-service",
			"payment-service", "loyalty-service", "notification-service", "analytics-service");

	private static final JavaClasses shop = new ClassFileImporter().importPaths(
			SERVICES.stream().map((service) -> Path.of("..", "..", service, "target", "classes")).toArray(Path[]::new));

	private static final JavaClasses demo = new ClassFileImporter()
		.importPaths(Path.of("..", "demo-cli", "target", "classes"));

	@Test
	void allSevenServicesAreLookedAt() {
		assertThat(shop.stream().map(JavaClass::getPackageName).map((name) -> name.split("\\.")[2]).distinct())
			.containsExactlyInAnyOrder("gateway", "order", "inventory", "payment", "loyalty", "notification",
					"analytics");
	}

	@Test
	void servicesDoNotDependOnEachOther() {
		SlicesRuleDefinition.slices().matching("io.twelveseconds.(*)..").should().notDependOnEachOther().check(shop);
	}

	@Test
	void onlyTracingPackagesKnowOpenTelemetry() {
		noClasses().that()
			.resideOutsideOfPackage("..tracing..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.opentelemetry..")
			.check(shop);
	}

	@Test
	void noBusinessClassKnowsFaults() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.openfeature..", "io.twelveseconds.fault..")
			.check(shop);
	}

	/**
	 * A class is public only when another package of its service needs it; Spring needs
	 * the applications to be.
	 */
	@Test
	void classesArePackagePrivateUnlessAnotherPackageNeedsThem() {
		assertThat(needlesslyPublic(shop)).isEmpty();
		assertThat(needlesslyPublic(demo)).extracting(JavaClass::getSimpleName).containsExactly("Demo");
	}

	private static Stream<JavaClass> needlesslyPublic(JavaClasses classes) {
		return classes.stream()
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> !type.getSimpleName().endsWith("Application") && type.getEnclosingClass().isEmpty())
			.filter((type) -> classes.stream()
				.filter((nested) -> nested.getName().equals(type.getName())
						|| nested.getName().startsWith(type.getName() + "$"))
				.flatMap((nested) -> nested.getDirectDependenciesToSelf().stream())
				.allMatch((use) -> use.getOriginClass().getPackageName().equals(type.getPackageName())));
	}

	/** A package can be read without those that build upon it. */
	@Test
	void packagesOfTheCommandAreFreeOfCycles() {
		SlicesRuleDefinition.slices().matching("io.twelveseconds.demo.(*)..").should().beFreeOfCycles().check(demo);
	}

	@Test
	void noFieldInjection() {
		noFields().should().beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired").check(shop);
	}

}
