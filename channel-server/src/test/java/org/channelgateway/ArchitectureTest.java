package org.channelgateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of dependency in ARCHITECTURE.md: arrows point the way a message travels. */
@AnalyzeClasses(
        packages = "org.channelgateway",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NotTheClient.class})
final class ArchitectureTest {
    private static final String ROOT = "org.channelgateway.";

    /** The library of applications is here for the tests only, and no part of the gateway. */
    static final class NotTheClient implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/channel-java-api/");
        }
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.channelgateway.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyMainWires = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "server..");

    @ArchTest
    static final ArchRule theServiceKnowsNoTransport = noClasses()
            .that()
            .resideInAPackage(ROOT + "channel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.eclipse.jetty..",
                    "org.apache.vysper..",
                    "org.jivesoftware..",
                    ROOT + "api..",
                    ROOT + "bosh..",
                    ROOT + "c2s..",
                    ROOT + "embedded..",
                    ROOT + "http..",
                    ROOT + "web..");

    @ArchTest
    static final ArchRule transportsKnowNoChannels = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "bosh..", ROOT + "c2s..", ROOT + "stream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "channel..", ROOT + "registry..", ROOT + "embedded..", ROOT + "api..");

    @ArchTest
    static final ArchRule transportsKnowNotEachOther =
            slices().matching(ROOT + "(bosh|c2s)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule theXmppDoorKnowsNoServer = noClasses()
            .that()
            .resideInAPackage(ROOT + "api.xmpp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "embedded..", ROOT + "bosh..", ROOT + "c2s..", ROOT + "http..");

    @ArchTest
    static final ArchRule httpKnowsNoFeature = noClasses()
            .that()
            .resideInAPackage(ROOT + "http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "channel..", ROOT + "registry..", ROOT + "bosh..", ROOT + "embedded..", ROOT + "web..");

    @ArchTest
    static final ArchRule vysperStaysInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.vysper..");

    @ArchTest
    static final ArchRule vyspersParserAndListenersAreNotUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.vysper.xml.sax..", "org.apache.vysper.mina..", "org.apache.mina..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.apache.vysper.xmpp.server.XMPPServer");

    @ArchTest
    static final ArchRule sqlStaysInTheRegistry = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "registry..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.h2..", "java.sql..", "com.zaxxer..", "org.flywaydb..");

    @ArchTest
    static final ArchRule oneReaderOfXml = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "xml..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.xml..", "com.fasterxml.aalto..");

    @ArchTest
    static final ArchRule onlyTheSettingsReadTheEnvironment = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "server..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule concreteClassesAreFinal = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .should()
            .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);
}
