package org.channelgateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rules of dependency in ARCHITECTURE.md: arrows point the way a message travels. */
@AnalyzeClasses(
        packages = "org.channelgateway",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NotTheClient.class})
final class ArchitectureTest {
    private static final String ROOT = "org.channelgateway.";

    /** The library of applications and the servers of tests are here for the tests only, and no part of the gateway. */
    static final class NotTheClient implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/channel-java-api/")
                    && !location.contains("-tests.jar")
                    && !location.contains("/channel-registry/target/test-classes/");
        }
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.channelgateway.(**)").should().beFreeOfCycles();

    /** Each package and those of the server that it may know; {@code server} may know all. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("xml", Set.of()),
            Map.entry("stats", Set.of()),
            Map.entry("limit", Set.of("stats")),
            Map.entry("socket", Set.of()),
            Map.entry("http", Set.of("limit", "socket", "stats")),
            Map.entry("stream", Set.of("xml")),
            Map.entry("bosh", Set.of("http", "limit", "stats", "stream", "xml")),
            Map.entry("c2s", Set.of("limit", "socket", "stats", "stream", "xml")),
            Map.entry("channel", Set.of("limit", "stats", "xml")),
            Map.entry("callback", Set.of("channel")),
            Map.entry("api.http", Set.of("callback", "channel", "http", "limit", "stats")),
            Map.entry("api.xmpp", Set.of("channel", "stats", "stream", "xml")),
            Map.entry("dev", Set.of("api.http", "channel", "http", "limit", "stats", "xml")),
            Map.entry("web", Set.of("api.http", "callback", "channel", "http", "limit", "stats")),
            Map.entry(
                    "ops",
                    Set.of(
                            "api.http",
                            "bosh",
                            "c2s",
                            "callback",
                            "channel",
                            "dev",
                            "embedded",
                            "http",
                            "limit",
                            "stats")),
            Map.entry("proxy", Set.of("http", "stats")),
            Map.entry("embedded", Set.of("api.xmpp", "bosh", "channel", "limit", "stats", "stream", "xml")),
            Map.entry("ejabberd", Set.of("api.xmpp", "bosh", "channel", "http", "limit", "stats", "stream", "xml")),
            Map.entry("config", Set.of("bosh", "c2s", "callback", "channel", "ejabberd", "http", "limit")));

    @ArchTest
    static void arrowsPointTheWayAMessageTravels(JavaClasses classes) {
        ARROWS.forEach((from, to) -> noClasses()
                .that()
                .resideInAPackage(ROOT + from + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(servers(name -> !name.equals(from) && !to.contains(name))))
                .check(classes));
    }

    @ArchTest
    static void everyPackageOfTheServerHasItsArrows(JavaClasses classes) {
        noClasses()
                .should()
                .resideOutsideOfPackages(Stream.concat(
                                Stream.of(servers(name -> true)),
                                Stream.of(ROOT + "server..", ROOT + "registry..", ROOT + "gc.."))
                        .toArray(String[]::new))
                .check(classes);
    }

    private static String[] servers(Predicate<String> which) {
        return ARROWS.keySet().stream()
                .filter(which)
                .map(name -> ROOT + name + "..")
                .toArray(String[]::new);
    }

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
                    ROOT + "api..",
                    ROOT + "bosh..",
                    ROOT + "c2s..",
                    ROOT + "config..",
                    ROOT + "embedded..",
                    ROOT + "http..",
                    ROOT + "stream..",
                    ROOT + "web..");

    @ArchTest
    static final ArchRule transportsKnowNoChannels = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "bosh..", ROOT + "c2s..", ROOT + "stream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "channel..",
                    ROOT + "registry..",
                    ROOT + "embedded..",
                    ROOT + "api..",
                    ROOT + "web..",
                    ROOT + "config..");

    @ArchTest
    static final ArchRule transportsKnowNotEachOther =
            slices().matching(ROOT + "(bosh|c2s)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule theXmppDoorKnowsNoServer = noClasses()
            .that()
            .resideInAPackage(ROOT + "api.xmpp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "embedded..", ROOT + "bosh..", ROOT + "c2s..", ROOT + "http..", "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule httpKnowsNoFeature = noClasses()
            .that()
            .resideInAPackage(ROOT + "http..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.channelgateway..")
                    .and(resideOutsideOfPackages(
                            ROOT + "http..", ROOT + "limit..", ROOT + "socket..", ROOT + "stats..")));

    @ArchTest
    static final ArchRule jettyStaysWhereBytesComeAndGo = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT + "socket..",
                    ROOT + "http..",
                    ROOT + "bosh..",
                    ROOT + "c2s..",
                    ROOT + "proxy..",
                    ROOT + "dev..",
                    ROOT + "ejabberd..",
                    ROOT + "web..",
                    ROOT + "api.http..",
                    ROOT + "callback..",
                    ROOT + "ops..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");

    @ArchTest
    static final ArchRule onlyTheMetricsKnowMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "ops..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    @ArchTest
    static final ArchRule tcpKnowsNoHttp = noClasses()
            .that()
            .resideInAPackage(ROOT + "c2s..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "http..", "org.eclipse.jetty.http..");

    @ArchTest
    static final ArchRule smackAdministersAnOutsideServerAndNothingElse = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "registry.xmpp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.jivesoftware..", "org.jxmpp..", "org.igniterealtime..");

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
            .resideInAnyPackage("org.h2..", "java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..");

    @ArchTest
    static final ArchRule oneReaderOfXml = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "xml..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javax.xml..", "com.fasterxml.aalto..", "org.codehaus.stax2..", "org.xml.sax..", "org.w3c.dom..");

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
