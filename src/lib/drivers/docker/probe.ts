import { hasCode, toDozeError } from '../../errors/index.ts';
import type { DriverHealth } from '../driver.ts';
import { describeTarget } from './connection.ts';
import type { DockerHome } from './home.ts';

export async function probeDocker(home: DockerHome, signal: AbortSignal): Promise<DriverHealth> {
  try {
    const { osType, target, cgroups } = await home.facts(signal);
    // Facts may be from memory: what counts is whether it answers now.
    const answer: unknown = await home.api.run('ask Docker for its version', signal, (docker) => docker.version());
    const { Version: version } = answer as { Version: string };
    const summary = `Docker ${version} at ${describeTarget(target)}`;
    if (osType === 'linux') {
      const { way, summary: how, hint } = await home.hibernation.look(cgroups);
      return { isUsable: true, summary, problem: null, hibernation: { isPossible: way !== null, summary: how, hint } };
    }
    const message = `${summary} runs ${osType} containers only`;
    return {
      isUsable: false,
      summary,
      problem: { code: 'DOCKER_UNAVAILABLE', message, hint: 'switch Docker to Linux containers' },
      hibernation: null,
    };
  } catch (error) {
    return { isUsable: false, summary: toDozeError(error).message, problem: problemOf(error), hibernation: null };
  }
}

function problemOf(error: unknown): NonNullable<DriverHealth['problem']> {
  const { message, hint = 'doze doctor' } = toDozeError(error);
  if (hasCode(error, 'DOCKER_FORBIDDEN')) return { code: 'DOCKER_FORBIDDEN', message, hint };
  if (hasCode(error, 'INTERNAL')) return { code: 'INTERNAL', message, hint };
  return { code: 'DOCKER_UNAVAILABLE', message, hint };
}
