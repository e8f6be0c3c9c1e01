import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  createConfiguration,
  readAgentSettings,
  readEnvironment,
  SETTING_NAMES,
  SETTINGS,
  variableOf,
  type Configuration,
  type Environment,
} from '../../../src/lib/config/index.ts';

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'doze-config-'));
  directory = join(root, 'shop', 'src');
  mkdirSync(directory, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function environment(variables: Record<string, string> = {}): Environment {
  return { ...readEnvironment({ DOZE_HOME: join(root, 'home'), ...variables }), workingDirectory: directory };
}

function configure(variables: Record<string, string> = {}, flags: { project?: string } = {}): Configuration {
  return createConfiguration(environment(variables), flags);
}

function store(content: string): void {
  mkdirSync(join(root, 'home'), { recursive: true });
  writeFileSync(join(root, 'home', 'config.json'), content);
}

describe('what wins', () => {
  it('is the flag, then the variable, then the project file, then the stored value, then the default', async () => {
    expect(configure().resolve('project')).toMatchObject({ value: 'default', source: 'default', origin: null });
    await configure().set('project', 'stored');
    expect(configure().resolve('project')).toMatchObject({ value: 'stored', source: 'stored' });
    writeFileSync(join(root, 'shop', '.doze.json'), '{"project": "from-file"}');
    expect(configure().resolve('project')).toEqual({
      value: 'from-file',
      text: 'from-file',
      source: 'projectFile',
      origin: join(root, 'shop', '.doze.json'),
    });
    const variables = { DOZE_PROJECT: 'from-env' };
    expect(configure(variables).resolve('project')).toMatchObject({ value: 'from-env', origin: 'DOZE_PROJECT' });
    expect(configure(variables, { project: 'from-flag' }).resolve('project')).toMatchObject({
      value: 'from-flag',
      source: 'flag',
    });
  });

  it('treats an empty variable as one that is not set', () => {
    expect(configure({ DOZE_PROJECT: '' }).value('project')).toBe('default');
  });

  it('takes the nearest project file', () => {
    writeFileSync(join(root, '.doze.json'), '{"project": "far"}');
    writeFileSync(join(directory, '.doze.json'), '{"project": "near"}');
    expect(configure().value('project')).toBe('near');
  });
});

describe('storing settings', () => {
  it('keeps them in a file that only its owner can read', async () => {
    await configure().set('suspendAfter', '90s');
    expect(statSync(join(root, 'home', 'config.json')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(root, 'home', 'config.json'), 'utf8'))).toEqual({ suspendAfter: '90s' });
    expect(configure().value('suspendAfter')).toBe(90_000);
  });

  it('takes a setting out again, and says whether there was one', async () => {
    await configure().set('size', '2');
    expect(await configure().unset('size')).toBe(true);
    expect(await configure().unset('size')).toBe(false);
    expect(configure().resolve('size')).toMatchObject({ value: { min: 0.5, max: 0.5 }, source: 'default' });
  });

  it('refuses a value that cannot be read, and keeps the one before', async () => {
    await configure().set('size', '2');
    await expect(configure().set('size', '0.3')).rejects.toMatchObject({
      code: 'VALUE_INVALID',
      hint: expect.stringContaining('doze config set size VALUE') as string,
    });
    expect(configure().value('size')).toEqual({ min: 2, max: 2 });
  });

  it('knows a setting in another spelling and says which is meant', async () => {
    await expect(configure().set('suspend-after', '1m')).rejects.toMatchObject({
      code: 'SETTING_UNKNOWN',
      message: 'there is no setting "suspend-after"; did you mean suspendAfter?',
      hint: 'doze config get suspendAfter',
    });
    expect(() => configure().show('suspendAfterr')).toThrow(/did you mean suspendAfter\?/);
    expect(() => configure().show('nonsense')).toThrow(
      expect.objectContaining({ code: 'SETTING_UNKNOWN', hint: 'doze config list' }),
    );
  });

  it('leaves a file that is not JSON alone', async () => {
    store('{"project": }');
    await expect(configure().set('project', 'shop')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(readFileSync(join(root, 'home', 'config.json'), 'utf8')).toBe('{"project": }');
  });
});

describe('files with faults', () => {
  const fault = (read: () => unknown): unknown => {
    try {
      return read();
    } catch (error) {
      return error;
    }
  };

  it('names file, line and column of what is not JSON', () => {
    store('{\n  "project": shop\n}');
    const file = join(root, 'home', 'config.json');
    expect(fault(() => configure().value('project'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${file}, line 2, column 14: this is not JSON`,
      hint: `correct ${file}, or remove it`,
      details: { file, line: 2, column: 14 },
    });
  });

  it.each([
    ['a list', '[]'],
    ['a nested value', '{"project": {"name": "x"}}'],
    ['an unknown name', '{"projekt": "x"}'],
    ['a bad value', '{"size": 0.3}'],
  ])('refuses %s', (_title, content) => {
    store(content);
    expect(fault(() => configure().list())).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('names the variable of a bad value', () => {
    expect(fault(() => configure({ DOZE_SHARED_PORT: '70000' }).value('sharedPort'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('DOZE_SHARED_PORT') as string,
    });
  });

  it("refuses the agent's settings in a project file", () => {
    writeFileSync(join(directory, '.doze.json'), '{"gatewayHost": "0.0.0.0"}');
    expect(fault(() => configure().value('project'))).toMatchObject({
      code: 'CONFIG_INVALID',
      details: { name: 'gatewayHost' },
    });
  });

  it('says so when a file may not be read', () => {
    store('{}');
    rmSync(join(root, 'home', 'config.json'));
    mkdirSync(join(root, 'home', 'config.json'));
    chmodSync(join(root, 'home', 'config.json'), 0o700);
    expect(fault(() => configure().value('project'))).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('the settings', () => {
  it('all have a default that they accept themselves', () => {
    for (const name of SETTING_NAMES) expect(() => SETTINGS[name].parse(SETTINGS[name].defaultText)).not.toThrow();
  });

  it('have variables in snake case', () => {
    expect(variableOf('suspendAfter')).toBe('DOZE_SUSPEND_AFTER');
    expect(variableOf('size')).toBe('DOZE_SIZE');
  });

  it('become one frozen object for the agent', () => {
    const settings = readAgentSettings(configure({ DOZE_SUSPEND_AFTER: 'never', DOZE_GATEWAY_PORTS: '5000-5010' }));
    expect(settings).toEqual({
      listen: null,
      publicHost: null,
      apiRate: 50,
      auditKeepMs: 90 * 86_400_000,
      driver: 'auto',
      size: { min: 0.5, max: 0.5 },
      scaleDownAfterMs: 60_000,
      hostKind: 'auto',
      ladder: 'auto',
      suspendAfterMs: null,
      suspendDepth: 'ladder',
      hostCu: 'auto',
      endPinnedAfterMs: null,
      maxSessions: null,
      maxProjectSessions: null,
      sessionIdleTimeoutMs: null,
      quotaGraceMs: 300_000,
      memoryReserve: 0.1,
      keepDestroyedMs: 86_400_000,
      gatewayHost: '127.0.0.1',
      gatewayPorts: { from: 5000, to: 5010 },
      sharedPort: 13_306,
      gatewayThreads: 'auto',
      drainTimeoutMs: 5_000,
      wakeTimeoutMs: 30_000,
      tls: 'preferred',
      tlsCert: null,
      tlsKey: null,
      connectionWaitMs: 10_000,
      mariadbVersion: null,
      mariadbImage: null,
      serverBinary: null,
      autoPull: true,
      logLevel: 'info',
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it.each([
    ['gatewayPorts', '5'],
    ['gatewayPorts', '20-10'],
    ['gatewayPorts', '1-2-3'],
    ['sharedPort', '0'],
    ['gatewayThreads', '0'],
    ['gatewayThreads', '17'],
    ['gatewayThreads', 'many'],
    ['drainTimeout', 'never'],
    ['driver', 'podman'],
    ['suspendDepth', 'asleep'],
    ['ladder', 'stopped:1m,parked:2m'],
    ['hostKind', 'toaster'],
    ['hostCu', '0.3'],
    ['hostCu', '0'],
    ['hostCu', 'some'],
    ['memoryReserve', '95%'],
    ['memoryReserve', 'some'],
    ['keepDestroyed', 'never'],
    ['autoPull', 'maybe'],
    ['mariadbVersion', 'latest'],
    ['project', 'Not A Name'],
  ] as const)('refuse %s = %j', (name, text) => {
    expect(() => SETTINGS[name].parse(text)).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }));
  });
});
