export { connectRemote } from './connect-remote.ts';
export { parseAgentUrl } from './parse-url.ts';
export { readToken } from './read-token.ts';
export { trustServer } from './trust-server.ts';
