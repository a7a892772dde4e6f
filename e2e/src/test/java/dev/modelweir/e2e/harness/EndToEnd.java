package dev.modelweir.e2e.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of tests on a real Kubernetes. Methods and constructors may ask for the {@link Platform},
 * for a {@link TestNamespace} of the class, and for the {@link EmbeddedCluster}; what asks for the
 * last is skipped on other clusters.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({EmbeddedOnly.class, EndToEndExtension.class})
public @interface EndToEnd {}
