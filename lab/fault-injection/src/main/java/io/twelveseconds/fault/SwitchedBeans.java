package io.twelveseconds.fault;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanDefinitionStoreException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.util.ClassUtils;

/**
 * Lets a flag choose between two beans of one interface, with every call anew: a fix and
 * what it fixed, side by side.
 * <p>
 * The service knows nothing of it. It has an interface and two beans; the good one is
 * {@code @Primary} and gets injected. For a flag of ours at the edge {@code bean}, whose
 * variants name the two, both step back here for a proxy that asks the flag.
 */
final class SwitchedBeans implements BeanDefinitionRegistryPostProcessor {

	private final String service;

	private final Map<String, JsonNode> flags;

	private final ObjectProvider<Faults> faults;

	SwitchedBeans(String service, Map<String, JsonNode> flags, ObjectProvider<Faults> faults) {
		this.service = service;
		this.flags = flags;
		this.faults = faults;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
		this.flags.forEach((name, flag) -> {
			JsonNode metadata = flag.path("metadata");
			if (metadata.path("edge").asString("").equals(Edge.BEAN.toString())
					&& metadata.path("service").asString("").equals(this.service)) {
				put(name, bean(flag, "off"), bean(flag, "on"), factory);
			}
		});
	}

	private static String bean(JsonNode flag, String variant) {
		return flag.path("variants").path(variant).path("bean").asString("");
	}

	private void put(String flag, String usual, String other, ConfigurableListableBeanFactory factory) {
		for (String bean : List.of(usual, other)) {
			if (!factory.containsBeanDefinition(bean)) {
				throw new BeanDefinitionStoreException(
						"The flag %s names the bean '%s', which is not there".formatted(flag, bean));
			}
			factory.getBeanDefinition(bean).setPrimary(false);
		}
		Class<?>[] interfaces = common(flag, factory.getType(usual), factory.getType(other));
		RootBeanDefinition proxy = new RootBeanDefinition();
		proxy.setBeanClass(ClassUtils.createCompositeInterface(interfaces, factory.getBeanClassLoader()));
		proxy.setInstanceSupplier(() -> {
			ProxyFactory proxies = new ProxyFactory(interfaces);
			proxies.setTargetSource(new ByFlag(flag, usual, factory));
			return proxies.getProxy();
		});
		proxy.setPrimary(true);
		((BeanDefinitionRegistry) factory).registerBeanDefinition(flag, proxy);
	}

	private static Class<?>[] common(String flag, @Nullable Class<?> one, @Nullable Class<?> two) {
		Set<Class<?>> common = new LinkedHashSet<>(interfaces(one));
		common.retainAll(interfaces(two));
		if (common.isEmpty()) {
			throw new BeanDefinitionStoreException(
					"The two beans of the flag %s have no interface in common".formatted(flag));
		}
		return common.toArray(Class<?>[]::new);
	}

	private static List<Class<?>> interfaces(@Nullable Class<?> type) {
		return (type == null) ? List.of()
				: Arrays.stream(ClassUtils.getAllInterfacesForClass(type))
					.filter((candidate) -> !candidate.getName().startsWith("java.")
							&& !candidate.getName().startsWith("org.springframework."))
					.toList();
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		// What is registered is known only after the others of our kind have run.
	}

	/** The bean that the flag names at this moment. */
	private final class ByFlag implements TargetSource {

		private final String flag;

		private final String usual;

		private final ConfigurableListableBeanFactory factory;

		ByFlag(String flag, String usual, ConfigurableListableBeanFactory factory) {
			this.flag = flag;
			this.usual = usual;
			this.factory = factory;
		}

		@Override
		public @Nullable Class<?> getTargetClass() {
			return null;
		}

		@Override
		public boolean isStatic() {
			return false;
		}

		@Override
		public Object getTarget() {
			String bean = SwitchedBeans.this.faults.getObject()
				.on(this.flag)
				.flatMap((fault) -> fault.text("bean"))
				.orElse(this.usual);
			return this.factory.getBean(bean);
		}

	}

}
