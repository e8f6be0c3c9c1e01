/** What both halves know of the wire without loading a schema library. */
export const API_PREFIX = '/v1';
/** Every answer carries the agent's version here. */
export const VERSION_HEADER = 'x-doze-version';
/** Media type of the streams that long operations answer with; see `StreamLine`. */
export const STREAM_TYPE = 'application/x-ndjson';
/** Media type of events as they come: server-sent events. */
export const EVENTS_TYPE = 'text/event-stream';
/** Media type of errors; see `Problem`. */
export const PROBLEM_TYPE = 'application/problem+json';
