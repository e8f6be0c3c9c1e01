import { describe, expect, it } from 'vitest';

import { childEnvironment, keepFromChildren, readEnvironment } from '../../../src/lib/config/index.ts';

const { paths } = readEnvironment({ HOME: '/home/ada', DOZE_HOME: '/srv/doze' });

describe('the environment of an agent', () => {
  it('is that of who starts it, on the same home, without the secret of one command', () => {
    const environment = childEnvironment(paths, {
      PATH: '/bin',
      DOZE_HOME: 'doze',
      DOZE_STORAGE_SECRET: 'x',
      DOZE_PUSH_SECRET: 'y',
      DOZE_TOKEN: 'y',
    });
    expect(environment).toEqual({ PATH: '/bin', DOZE_HOME: '/srv/doze', MALLOC_ARENA_MAX: '1' });
  });

  it('has nothing by which a CI runner would end it with the job that happened to start it', () => {
    const marks = { RUNNER_TRACKING_ID: 'github_1', JENKINS_NODE_COOKIE: 'a', JENKINS_SERVER_COOKIE: 'b' };
    const environment = childEnvironment(paths, { ...marks, CI: 'true' });
    expect(environment).toEqual({ CI: 'true', DOZE_HOME: '/srv/doze', MALLOC_ARENA_MAX: '1' });
  });

  it('has one heap of the C library, unless somebody wants it otherwise, and hands that on to no server', () => {
    const ours = { ...childEnvironment(paths, {}) };
    keepFromChildren(ours);
    expect(ours).toEqual({ DOZE_HOME: '/srv/doze' });
    const theirs = { ...childEnvironment(paths, { MALLOC_ARENA_MAX: '4' }) };
    keepFromChildren(theirs);
    expect(theirs).toEqual({ DOZE_HOME: '/srv/doze', MALLOC_ARENA_MAX: '4' });
  });
});
