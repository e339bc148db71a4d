/** Runs the application in Jetty. Any other container of Servlet 3.1 or 4 does as well. */
package org.channelgateway.examples.tictactoe.run;
