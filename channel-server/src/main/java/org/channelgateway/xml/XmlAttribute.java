package org.channelgateway.xml;

/** An attribute; {@code namespace} is empty for one without a prefix. */
public record XmlAttribute(String namespace, String name, String value) {}
