import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createApiClient, ensureAgent } from '../../../src/lib/api/client/index.ts';
import { createApiServer, type AgentServices } from '../../../src/lib/api/index.ts';
import { createSystemClock } from '../../../src/lib/clock.ts';
import { readEnvironment, type DozePaths } from '../../../src/lib/config/index.ts';
import { createSilentLogger } from '../../../src/lib/logger.ts';
import { createTestAccess } from '../../support/access.ts';
import { fakeServices } from './fake-services.ts';

const clock = createSystemClock();
const deps = (services: AgentServices) => ({
  services,
  clock,
  logger: createSilentLogger(),
  ...createTestAccess(clock),
});

let root: string;
let paths: DozePaths;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'doze-socket-'));
  paths = readEnvironment({ DOZE_HOME: join(root, 'a-directory-with-a-long-name-'.repeat(4)) }).paths;
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(dirname(paths.socket), { recursive: true, force: true });
});

describe('a home whose path is too long for a socket', () => {
  it('has it in a directory for its owner only, which goes with it', async () => {
    const services = fakeServices({ computes: { list: async () => [] } });
    const server = createApiServer(deps(services), { version: '1', paths, localName: 'uid 0' });
    await server.listen();
    expect(statSync(dirname(paths.socket)).mode & 0o777).toBe(0o700);
    expect(await createApiClient({ socketPath: paths.socket, version: '1' }).computes.list()).toEqual([]);
    await server.close(AbortSignal.abort());
    expect(existsSync(dirname(paths.socket))).toBe(false);
  });

  it.each<[string, (directory: string) => void]>([
    ['that others can enter', (directory) => mkdirSync(directory, { mode: 0o755 })],
    ['that is a link to another one', (directory) => symlinkSync(root, directory)],
  ])('trusts no directory %s, neither to listen in nor to connect to', async (_title, squat) => {
    squat(dirname(paths.socket));
    const services = fakeServices();
    const server = createApiServer(deps(services), { version: '1', paths, localName: 'uid 0' });
    await expect(server.listen()).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' });
    const ensured = ensureAgent({ paths, command: [process.execPath, '-e', ''], environment: {}, clock });
    await expect(ensured).rejects.toMatchObject({ code: 'AGENT_UNREACHABLE' });
  });
});
