export { deriveServerIdentity, type ServerIdentity } from './server-identity.ts';
export { createSelfSigned, type SelfSignedRequest } from './self-signed.ts';
