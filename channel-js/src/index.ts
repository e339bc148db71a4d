/**
 * The ES module for bundlers. Importing it touches nothing of the page.
 *
 * @packageDocumentation
 */
export { Channel } from './channel.js';
export { ReadyState } from './ready-state.js';
export { Socket } from './socket.js';
export type { ChannelOptions } from './channel.js';
export type { ChannelError, ChannelMessage, SocketHandler } from './handler.js';
