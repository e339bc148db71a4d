package org.channelgateway.gaeinterop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.appengine.api.channel.ChannelFailureException;
import java.io.File;
import java.io.IOException;
import java.io.ObjectStreamClass;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a compiler and a linker see of the drop-in and of Google's SDK. */
final class SdkShapeTest {
    private static final String FOLDER = Side.PACKAGE.replace('.', '/');

    /** The SDK's own wiring and its protocol: the first comes from the SDK if there is one, the second is not here. */
    private static final Predicate<String> NOT_FOR_APPLICATIONS =
            name -> name.equals("IChannelServiceFactoryProvider") || name.startsWith("ChannelServicePb");

    private final ClassLoader google = GoogleSdk.loader(GoogleSdk.JAR);

    private static List<String> namesOfGoogle() throws IOException {
        try (JarFile jar = new JarFile(GoogleSdk.JAR.toFile())) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(FOLDER) && name.endsWith(".class"))
                    .map(name -> name.substring(FOLDER.length(), name.length() - ".class".length()))
                    .toList();
        }
    }

    private static Class<?> load(ClassLoader loader, String name) {
        try {
            return Class.forName(Side.PACKAGE + name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private Set<String> publicNamesOfGoogle() throws IOException {
        return namesOfGoogle().stream()
                .filter(NOT_FOR_APPLICATIONS.negate())
                .filter(name -> Modifier.isPublic(load(google, name).getModifiers()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Everything of a class that others can name, a line each. */
    private static List<String> shape(Class<?> type) {
        Stream<String> itself = Stream.of(Modifier.toString(type.getModifiers()) + " " + type + " extends "
                + type.getGenericSuperclass() + " implements " + Arrays.toString(type.getGenericInterfaces()));
        Stream<String> members = Stream.of(
                        type.getDeclaredFields(), type.getDeclaredMethods(), type.getDeclaredConstructors())
                .flatMap(Arrays::stream)
                .map(Member.class::cast)
                .filter(member -> (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
                .map(SdkShapeTest::shape);
        return Stream.concat(itself, members).sorted().toList();
    }

    private static String shape(Member member) {
        if (member instanceof Field field) {
            return field.toGenericString();
        }
        Executable executable = (Executable) member;
        String kind = executable instanceof Method method ? method.getGenericReturnType() + " " : "new ";
        assertThat(executable).isInstanceOfAny(Method.class, Constructor.class);
        return Modifier.toString(executable.getModifiers()) + " " + kind + executable.getName()
                + Arrays.toString(executable.getGenericParameterTypes()) + " throws "
                + Arrays.toString(executable.getGenericExceptionTypes());
    }

    @Test
    void thePublicClassesAreTheSame() throws IOException {
        assertThat(publicNamesOfGoogle())
                .containsExactly(
                        "ChannelFailureException",
                        "ChannelMessage",
                        "ChannelPresence",
                        "ChannelService",
                        "ChannelServiceFactory",
                        "IChannelServiceFactory");
        Path ours =
                Path.of("..", "channel-java-api", "gae", "target", "classes").resolve(FOLDER);
        String[] files = ours.toFile().list();
        assertThat(files).isNotNull();
        assertThat(Stream.of(files)
                        .map(file -> file.replace(".class", ""))
                        .filter(name -> Modifier.isPublic(
                                load(getClass().getClassLoader(), name).getModifiers())))
                .containsExactlyInAnyOrderElementsOf(publicNamesOfGoogle());
    }

    @Test
    void theirMembersModifiersAndExceptionsAreTheSame() throws IOException {
        for (String name : publicNamesOfGoogle()) {
            assertThat(shape(load(getClass().getClassLoader(), name))).as(name).isEqualTo(shape(load(google, name)));
        }
    }

    @Test
    void theExceptionCanBeSentFromOneToTheOther() {
        assertThat(ObjectStreamClass.lookup(ChannelFailureException.class).getSerialVersionUID())
                .isEqualTo(ObjectStreamClass.lookup(load(google, "ChannelFailureException"))
                        .getSerialVersionUID())
                .isEqualTo(-1955663824956660864L);
    }

    @Test
    void anSdkBehindItOnTheClassPathHandsOutTheDropIn() throws Exception {
        Path[] jars = Stream.concat(
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of),
                        Stream.of(GoogleSdk.JAR))
                .toArray(Path[]::new);
        ClassLoader both = GoogleSdk.loader(jars);
        Class<?> sdk = both.loadClass("com.google.appengine.spi.ServiceFactoryFactory");
        Object factory = sdk.getMethod("getFactory", Class.class).invoke(null, load(both, "IChannelServiceFactory"));

        assertThat(load(both, "IChannelServiceFactory")).isNotEqualTo(load(google, "IChannelServiceFactory"));
        assertThat(load(both, "IChannelServiceFactory")
                        .getMethod("getChannelService")
                        .invoke(factory)
                        .getClass())
                .isEqualTo(load(both, "GatewayChannelService"));
    }
}
