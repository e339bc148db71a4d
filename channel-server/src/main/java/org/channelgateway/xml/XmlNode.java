package org.channelgateway.xml;

/** A child of an element: text or another element. */
public sealed interface XmlNode permits XmlElement, XmlText {}
