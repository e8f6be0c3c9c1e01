/** The door for what talks to another machine: it brings TLS along, which no local command has to load. */
export { createApiClient, type ApiClient } from './api-client.ts';
export { addressOf, createRemoteLink } from './remote-link.ts';
export { lookAtServer, type ShownKey } from './server-key.ts';
