package org.channelgateway.examples.tictactoe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The application is one of App Engine: it knows Google's names, and none of the gateway's or of Jetty. */
@AnalyzeClasses(packages = "org.channelgateway.examples", importOptions = ImportOption.DoNotIncludeTests.class)
final class PackageNamesTest {
    @ArchTest
    static final ArchRule theApplicationKnowsGooglesNamesOnly = classes()
            .that()
            .resideInAPackage("org.channelgateway.examples.tictactoe")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.servlet..",
                    "com.google.appengine.api.channel",
                    "org.channelgateway.examples.tictactoe");
}
