import { abortReason } from '../../clock.ts';
import { DozeError, systemCode } from '../../errors/index.ts';
import { describeTarget, type DockerTarget } from './connection.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'ENOTSOCK',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What a request to Docker threw, as an error of ours. `doing` is an infinitive: `start compute "shop"`. */
export function dockerError(thrown: unknown, doing: string, target: DockerTarget, signal?: AbortSignal): Error {
  if (thrown instanceof DozeError) return thrown;
  if (signal?.aborted === true) return abortReason(signal);
  const status = statusOf(thrown);
  if (status !== null) return refusal(thrown, status, doing);
  const code = systemCode(thrown);
  if (code === 'EACCES' || code === 'EPERM') return forbidden(thrown, target);
  if (code !== undefined && UNREACHABLE.has(code)) return unavailable(thrown, code, target);
  return new DozeError('DOCKER_FAILED', `could not ${doing}: ${textOf(thrown)}`, { cause: thrown });
}

/** The HTTP status of an answer that dockerode made an error of, or null. */
export function statusOf(thrown: unknown): number | null {
  if (typeof thrown !== 'object' || thrown === null || !('statusCode' in thrown)) return null;
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : null;
}

/** An error that arrived inside a stream of progress (a pull, an import). */
export function streamedError(text: string, doing: string): DozeError {
  return isDiskFull(text) ? diskFull(text, doing) : new DozeError('DOCKER_FAILED', `could not ${doing}: ${text}`);
}

function refusal(thrown: unknown, status: number, doing: string): DozeError {
  const text = textOf(thrown);
  if (isDiskFull(text)) return diskFull(text, doing, thrown);
  if (status === 401 || status === 403) {
    return new DozeError('DOCKER_FORBIDDEN', `Docker refused to ${doing}: ${text}`, { cause: thrown });
  }
  return new DozeError('DOCKER_FAILED', `could not ${doing}: ${text}`, { cause: thrown, details: { status } });
}

function forbidden(thrown: unknown, target: DockerTarget): DozeError {
  return new DozeError('DOCKER_FORBIDDEN', `no permission to use Docker at ${describeTarget(target)}`, {
    hint:
      target.kind === 'unix'
        ? 'sudo usermod -aG docker $USER, then log in again (or use rootless Docker)'
        : `check the credentials for ${describeTarget(target)}`,
    cause: thrown,
  });
}

function unavailable(thrown: unknown, code: string, target: DockerTarget): DozeError {
  const why = code === 'ENOENT' ? 'nothing listens there' : code;
  return new DozeError('DOCKER_UNAVAILABLE', `Docker does not answer at ${describeTarget(target)} (${why})`, {
    hint: target.kind === 'unix' ? 'sudo systemctl start docker' : `docker -H ${describeTarget(target)} version`,
    cause: thrown,
  });
}

function diskFull(text: string, doing: string, cause?: unknown): DozeError {
  return new DozeError('DISK_FULL', `Docker's disk is full: could not ${doing} (${text})`, {
    hint: 'docker system df',
    cause,
  });
}

/** The one place that reads a text: Docker has no code for a full disk, only the kernel's own words for ENOSPC. */
function isDiskFull(text: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(text);
}

/** What Docker said, without what dockerode puts around it. */
function textOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'json' in thrown) {
    const { json } = thrown;
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string') {
      return json.message;
    }
  }
  return thrown instanceof Error ? thrown.message.trim() : String(thrown);
}
