package org.channelgateway.xml;

/** Character data, unescaped. */
public record XmlText(String text) implements XmlNode {}
