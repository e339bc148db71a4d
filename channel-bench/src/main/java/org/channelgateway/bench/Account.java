package org.channelgateway.bench;

/** Who logs in. */
record Account(String user, String password) {}
