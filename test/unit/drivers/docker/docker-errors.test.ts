import { describe, expect, it } from 'vitest';

import { dockerError, streamedError } from '../../../../src/lib/drivers/docker/docker-errors.ts';
import { DozeError } from '../../../../src/lib/errors/index.ts';

const SOCKET = { kind: 'unix', socketPath: '/var/run/docker.sock' } as const;
const doing = 'start compute "shop"';

function systemError(code: string): Error {
  return Object.assign(new TypeError(`connect ${code}`), { code });
}
function answer(statusCode: number, message: string): Error {
  return Object.assign(new TypeError(`(HTTP code ${String(statusCode)}) - ${message}`), {
    statusCode,
    json: { message },
  });
}

describe('a request to Docker that fails', () => {
  it.each(['ECONNREFUSED', 'ENOENT'])('with %s means that nothing answers there, and names the address', (code) => {
    expect(dockerError(systemError(code), doing, SOCKET)).toMatchObject({
      code: 'DOCKER_UNAVAILABLE',
      message: expect.stringContaining('unix:///var/run/docker.sock') as string,
      hint: 'sudo systemctl start docker',
    });
  });

  it('for want of permission says how to get it', () => {
    expect(dockerError(systemError('EACCES'), doing, SOCKET)).toMatchObject({
      code: 'DOCKER_FORBIDDEN',
      message: expect.stringContaining('/var/run/docker.sock') as string,
      hint: expect.stringContaining('sudo usermod -aG docker $USER') as string,
    });
  });

  it('with an answer says what was being done, and what Docker said', () => {
    expect(dockerError(answer(500, 'driver failed'), doing, SOCKET)).toMatchObject({
      code: 'DOCKER_FAILED',
      message: 'could not start compute "shop": driver failed',
    });
  });

  it('for want of space says so, in an answer and within a stream', () => {
    const text = 'mkdir /var/lib/docker/x: no space left on device';
    expect(dockerError(answer(500, text), doing, SOCKET)).toMatchObject({ code: 'DISK_FULL' });
    expect(streamedError(text, 'pull image x')).toMatchObject({ code: 'DISK_FULL' });
  });

  it('because it was aborted gives the reason of that', () => {
    const reason = new DozeError('TIMED_OUT', 'too late');
    expect(dockerError(systemError('ABORT_ERR'), doing, SOCKET, AbortSignal.abort(reason))).toBe(reason);
  });

  it('with an error of ours passes it on', () => {
    const ours = new DozeError('INSTANCE_LOST', 'gone');
    expect(dockerError(ours, doing, SOCKET)).toBe(ours);
  });
});
