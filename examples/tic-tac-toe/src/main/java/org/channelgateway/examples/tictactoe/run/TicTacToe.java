package org.channelgateway.examples.tictactoe.run;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.eclipse.jetty.ee8.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Serves the application on loopback: {@code TicTacToe [PORT]}, 9000 when no port is given; 0 picks a free one. */
public final class TicTacToe {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 9000;

    private TicTacToe() {}

    /** @param arguments the port, or nothing */
    public static void main(String[] arguments) throws Exception {
        Server server = start(arguments.length == 0 ? PORT : Integer.parseInt(arguments[0]));
        System.out.println("ready " + uri(server));
        server.join();
    }

    static URI uri(Server server) {
        return URI.create("http://" + HOST + ":" + server.getURI().getPort() + "/");
    }

    static Server start(int port) throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        WebAppContext application = new WebAppContext();
        application.setContextPath("/");
        application.setBaseResource(ResourceFactory.of(application).newClassLoaderResource("webapp/"));
        application.setParentLoaderPriority(true);
        server.setHandler(application);
        server.setStopAtShutdown(true);
        server.start();
        return server;
    }
}
