/** What a cgroup limits; version 2 has them all in one hierarchy. */
export type Controller = 'memory' | 'cpu';

/** Where the hierarchy with a controller is mounted, from the text of /proc/self/mountinfo (proc(5)). */
export function findControllerMount(mountInfo: string, version: 1 | 2, controller: Controller): string | null {
  for (const line of mountInfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const mountPoint = before.split(' ')[4];
    const [type, , options = ''] = after.split(' ');
    if (mountPoint === undefined) continue;
    if (version === 2 && type === 'cgroup2') return mountPoint;
    if (version === 1 && type === 'cgroup' && options.split(',').includes(controller)) return mountPoint;
  }
  return null;
}

/** A process's path in that hierarchy, from the text of /proc/PID/cgroup (cgroups(7)). */
export function cgroupPathOf(text: string, version: 1 | 2, controller: Controller): string | null {
  for (const line of text.split('\n')) {
    const [, hierarchy, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (version === 2 ? hierarchy === '0' : controllers?.split(',').includes(controller) === true) return path;
  }
  return null;
}

/** `memory.stat` and the like: a name and a number a line. */
export function readNumbers(text: string): Readonly<Record<string, number>> {
  const pairs = text.split('\n').map((line) => line.split(' '));
  return Object.fromEntries(pairs.map(([name = '', value]) => [name, Number(value)]));
}
