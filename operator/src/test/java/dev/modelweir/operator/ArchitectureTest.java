package dev.modelweir.operator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;

/** The rules of the design that a compiler does not know. */
@AnalyzeClasses(packages = "dev.modelweir.operator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] PURE = {
    "..plan..",
    "..pod..",
    "..diagnosis..",
    "..report..",
    "..accelerator..",
    "..state..",
    "..admission.."
  };

  private static final Pattern WRITE =
      Pattern.compile(
          "(create|update|replace|patch|delete|edit|scale|evict|raw|serverSideApply|accept)\\w*"
              + "|(?:.*OrReplace)");

  private static final DescribedPredicate<JavaMethodCall> WRITES_TO_THE_CLUSTER =
      describe(
          "write to the cluster",
          call ->
              call.getTargetOwner().getPackageName().startsWith("io.fabric8.kubernetes.client")
                  && WRITE.matcher(call.getName()).matches()
                  && !readsRaw(call));

  /** With a path alone it is a GET; with more, the method is among it. */
  private static boolean readsRaw(JavaMethodCall call) {
    return call.getName().equals("raw") && call.getTarget().getRawParameterTypes().size() == 1;
  }

  /** Thinking needs no cluster, so it can be tested without one. */
  @ArchTest
  static final ArchRule pure_packages_know_no_client =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8.kubernetes.client..",
              "io.javaoperatorsdk..",
              "io.quarkus..",
              "io.micrometer..",
              "java.net..",
              "java.nio.file..");

  /** Time comes in as a value; otherwise a golden test would differ every second. */
  @ArchTest
  static final ArchRule pure_packages_have_no_clock_of_their_own =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class);

  /** All writes go through {@code apply}; the others hold the Lease, or ask by a create. */
  @ArchTest
  static final ArchRule only_apply_writes =
      classes()
          .that()
          .resideOutsideOfPackage("..apply..")
          .and()
          .doNotHaveFullyQualifiedName("dev.modelweir.operator.lifecycle.Leadership")
          .and()
          .doNotHaveFullyQualifiedName("dev.modelweir.operator.progress.TokenReviews")
          .should(never(callMethodWhere(WRITES_TO_THE_CLUSTER)));

  /** Keeps the rule above from passing because it no longer recognises a write. */
  @ArchTest
  static void the_writes_of_apply_are_recognised(JavaClasses classes) {
    assertThat(
            classes.that(resideInAPackage("..apply..")).stream()
                .flatMap(writer -> writer.getMethodCallsFromSelf().stream())
                .filter(WRITES_TO_THE_CLUSTER)
                .map(call -> call.getOriginOwner().getSimpleName() + "." + call.getName()))
        .contains("Applier.patch", "Applier.raw", "StatusWriter.patch", "EventRecorder.patch");
  }

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("dev.modelweir.operator.(**)").should().beFreeOfCycles();
}
