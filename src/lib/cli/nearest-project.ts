import type { ApiClient } from '../api/client/index.ts';
import { suggest } from '../domain/index.ts';
import { DozeError } from '../errors/index.ts';

const LOOK_MS = 1000;

/** The same error, with the name of the project that was probably meant in its hint. */
export async function withNearestProject(error: DozeError, typed: string, api: ApiClient): Promise<DozeError> {
  const names = await api.projects.list({}, { timeoutMs: LOOK_MS }).then(
    (projects) => projects.map(({ name }) => name),
    // The question was already answered with an error; a second one would hide it.
    () => [],
  );
  const near = suggest(typed, names);
  if (near === null) return error;
  const { code, message, details, cause } = error;
  return new DozeError(code, `${message}; did you mean "${near}"?`, {
    hint: `doze project show ${near}`,
    details,
    cause,
  });
}
