const NS_CLIENT = 'jabber:client';
const NS_CHANNEL = 'urn:channelgateway:1';

/** The text of a message that the service sent to this channel; null for any other stanza. */
export function headline(stanza: Element, service: string, channel: string): string | null {
    if (
        !is(stanza, 'message', NS_CLIENT) ||
        stanza.getAttribute('type') !== 'headline' ||
        stanza.getAttribute('from') !== service
    ) {
        return null;
    }
    const parts = children(stanza);
    if (!parts.some((part) => is(part, 'channel', NS_CHANNEL) && part.getAttribute('id') === channel)) {
        return null;
    }
    // textContent, for Strophe.getText() would escape it.
    return parts.find((part) => is(part, 'body', NS_CLIENT))?.textContent ?? null;
}

export function children(parent: Element): Element[] {
    return Array.from(parent.childNodes).filter((node): node is Element => node.nodeType === 1);
}

export function is(element: Element, name: string, namespace: string): boolean {
    return element.localName === name && element.namespaceURI === namespace;
}
