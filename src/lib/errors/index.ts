export { catalogue, type CatalogueEntry, type ErrorCode } from './catalogue.ts';
export { DozeError, hasCode, systemCode, toDozeError, type DozeErrorOptions } from './doze-error.ts';
