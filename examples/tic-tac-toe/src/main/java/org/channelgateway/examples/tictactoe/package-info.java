/** A game for two, as an App Engine application: Google's package names and servlets, and nothing of the gateway. */
package org.channelgateway.examples.tictactoe;
