/** The door to the description of the API, which needs no agent. */
export { openApiDocument, type OpenApiDocument } from './document.ts';
