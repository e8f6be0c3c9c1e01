import type { FastifyInstance } from 'fastify';

import { DozeError } from '../../errors/index.ts';

/** No request of the contract is nested half as deep. */
const MAX_DEPTH = 16;
const BODY_TYPE = 'application/json';

/** Bodies are JSON and nothing else; none at all is as good as an empty object. */
export function readJsonOnly(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<string>(BODY_TYPE, { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined);
    else if (isDeeperThan(MAX_DEPTH, text)) done(tooDeep());
    else void parse(request, text, done);
  });
}

function tooDeep(): DozeError {
  return new DozeError('REQUEST_INVALID', `the body is nested more than ${MAX_DEPTH} deep`, { hint: 'doze api spec' });
}

/** Counts brackets outside of strings, so that nobody's stack is as deep as a stranger wants. */
export function isDeeperThan(limit: number, json: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
