import { HOST_KINDS } from '../domain/index.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import { REMOTE_SETTINGS } from './remote-settings.ts';
import { setting } from './setting.ts';
import {
  readContextName,
  readCountOrNone,
  readDepth,
  readDurationMs,
  readDurationMsOrNever,
  readFlag,
  readHostCu,
  readLadder,
  readOneOf,
  readPart,
  readProjectName,
  readSizeRange,
  readTextOrNone,
  readVersionOrNone,
} from './value-readers.ts';

const DRIVERS = ['auto', 'docker', 'process'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** All there is to set. The documentation's table is made from this. */
export const SETTINGS = {
  context: setting(
    {
      reader: 'cli',
      defaultText: 'local',
      description: 'agent that commands talk to: local is the one of this machine; see doze context list',
      accepts: 'local, or the name of a context',
    },
    readContextName,
  ),
  project: setting(
    {
      reader: 'cli',
      defaultText: 'default',
      description: 'project that commands work in',
      accepts: 'a project name: lower-case letters, digits and dashes',
    },
    readProjectName,
  ),
  driver: setting(
    {
      reader: 'agent',
      defaultText: 'auto',
      description: 'what new computes run on; auto takes docker if it can be used, else process',
      accepts: `one of ${DRIVERS.join(', ')}`,
    },
    readOneOf(DRIVERS),
  ),
  size: setting(
    {
      reader: 'agent',
      defaultText: '0.5',
      description: 'compute units of a new compute, or a range for a size by load; 1 is 1 vCPU and 4 GiB',
      accepts: 'compute units from 0.25 to 64 in steps of 0.25, or a range such as 0.25-2',
    },
    readSizeRange,
  ),
  scaleDownAfter: setting(
    {
      reader: 'agent',
      defaultText: '1m',
      description: 'how long a compute with a range of sizes wants less before it is made smaller',
      accepts: 'a duration such as 30s or 5m',
    },
    readDurationMs,
  ),
  hostCu: setting(
    {
      reader: 'agent',
      defaultText: 'auto',
      description: 'compute units that may be awake at once: what comes then waits; auto is two for each GiB of memory',
      accepts: 'compute units such as 4 in steps of 0.25, or auto, or none',
    },
    readHostCu,
  ),
  hostKind: setting(
    {
      reader: 'agent',
      defaultText: 'auto',
      description: 'what this machine is used as: how computes go down unless the ladder is set',
      accepts: `one of auto, ${HOST_KINDS.join(', ')}`,
    },
    readOneOf(['auto', ...HOST_KINDS] as const),
  ),
  ladder: setting(
    {
      reader: 'agent',
      defaultText: 'auto',
      description: 'how a new compute goes down while nobody uses it; auto is by kind of host',
      accepts: 'a ladder such as hibernated:5m,parked:1h,stopped:24h, or never, or auto',
    },
    readLadder,
  ),
  suspendAfter: setting(
    {
      reader: 'agent',
      defaultText: 'ladder',
      description: 'idle time after which a new compute is suspended, instead of that of its ladder',
      accepts: 'a duration such as 30s, 5m or 1h, or never, or ladder',
    },
    (text) => (text === 'ladder' ? text : readDurationMsOrNever(text)),
  ),
  suspendDepth: setting(
    {
      reader: 'agent',
      defaultText: 'ladder',
      description: 'how deep a new compute is suspended at first, instead of as its ladder says',
      accepts: 'one of frozen, hibernated, parked, stopped, removed, or ladder',
    },
    (text) => (text === 'ladder' ? text : readDepth(text)),
  ),
  endPinnedAfter: setting(
    {
      reader: 'agent',
      defaultText: 'never',
      description: 'when a session without a command ends that alone keeps a new compute from going deeper',
      accepts: 'a duration such as 30s, 5m or 1h, or never',
    },
    readDurationMsOrNever,
  ),
  maxSessions: setting(
    {
      reader: 'agent',
      defaultText: 'none',
      description: 'how many sessions a new compute may have, parked ones too; who comes then is refused',
      accepts: 'a whole number from 1 to 999999, or none',
    },
    readCountOrNone,
  ),
  maxProjectSessions: setting(
    {
      reader: 'agent',
      defaultText: 'none',
      description: 'how many sessions the computes of a project may have together, parked ones too',
      accepts: 'a whole number from 1 to 999999, or none',
    },
    readCountOrNone,
  ),
  quotaGrace: setting(
    {
      reader: 'agent',
      defaultText: '5m',
      description: 'how long what runs of a project goes on after that has used up a quota, before it is suspended',
      accepts: 'a duration such as 0s, 5m or 1h',
    },
    readDurationMs,
  ),
  sessionIdleTimeout: setting(
    {
      reader: 'agent',
      defaultText: 'never',
      description: 'when a session of a new compute ends that has no command, pings aside, and no transaction open',
      accepts: 'a duration such as 30m or 8h, or never',
    },
    readDurationMsOrNever,
  ),
  memoryReserve: setting(
    {
      reader: 'agent',
      defaultText: '10%',
      description: "part of the host's memory to keep free: below it the longest idle computes go deeper early",
      accepts: 'a percentage from 0% (never) to 90%',
    },
    readPart,
  ),
  keepDestroyed: setting(
    {
      reader: 'agent',
      defaultText: '24h',
      description: 'how long the data of a destroyed compute is kept',
      accepts: 'a duration such as 30s, 5m or 2d',
    },
    readDurationMs,
  ),
  ...GATEWAY_SETTINGS,
  ...REMOTE_SETTINGS,
  mariadbVersion: setting(
    {
      reader: 'agent',
      defaultText: '',
      description: 'MariaDB version of new computes; empty for what the driver has',
      accepts: 'a version such as 11.8, or empty',
    },
    readVersionOrNone,
  ),
  mariadbImage: setting(
    {
      reader: 'agent',
      defaultText: '',
      description: 'image of new computes on docker; empty for the official one or a built one',
      accepts: 'an image reference, or empty',
    },
    readTextOrNone,
  ),
  serverBinary: setting(
    {
      reader: 'agent',
      defaultText: '',
      description: 'mariadbd of the process driver; empty to look for it',
      accepts: 'a path, or empty',
    },
    readTextOrNone,
  ),
  autoPull: setting(
    {
      reader: 'agent',
      defaultText: 'true',
      description: 'whether a missing image is pulled',
      accepts: 'true or false',
    },
    readFlag,
  ),
  logLevel: setting(
    {
      reader: 'agent',
      defaultText: 'info',
      description: 'what the agent writes to its log',
      accepts: `one of ${LOG_LEVELS.join(', ')}`,
    },
    readOneOf(LOG_LEVELS),
  ),
};

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<Name extends SettingName> = ReturnType<(typeof SETTINGS)[Name]['parse']>;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** `suspendAfter` is `DOZE_SUSPEND_AFTER` in the environment. */
export function variableOf(name: SettingName): string {
  return `DOZE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
