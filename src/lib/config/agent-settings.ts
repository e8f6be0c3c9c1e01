import type { Configuration } from './configuration.ts';
import type { SettingValue } from './settings.ts';
import type { ListenAddress, PortRange } from './value-readers.ts';

/** Everything the agent goes by, read once when it starts. */
export interface AgentSettings {
  readonly driver: SettingValue<'driver'>;
  /** Compute units of a new compute. */
  readonly size: SettingValue<'size'>;
  readonly scaleDownAfterMs: number;
  /** Null is none. */
  readonly hostCu: SettingValue<'hostCu'>;
  readonly hostKind: SettingValue<'hostKind'>;
  readonly ladder: SettingValue<'ladder'>;
  /** Null is never. */
  readonly suspendAfterMs: SettingValue<'suspendAfter'>;
  readonly suspendDepth: SettingValue<'suspendDepth'>;
  /** Null is never. */
  readonly endPinnedAfterMs: SettingValue<'endPinnedAfter'>;
  /** Null is none, for these two. */
  readonly maxSessions: SettingValue<'maxSessions'>;
  readonly maxProjectSessions: SettingValue<'maxProjectSessions'>;
  /** Null is never. */
  readonly sessionIdleTimeoutMs: SettingValue<'sessionIdleTimeout'>;
  readonly quotaGraceMs: number;
  /** Part of 1. */
  readonly memoryReserve: number;
  readonly keepDestroyedMs: number;
  readonly gatewayHost: string;
  readonly gatewayPorts: PortRange;
  readonly sharedPort: number;
  readonly gatewayThreads: SettingValue<'gatewayThreads'>;
  readonly drainTimeoutMs: number;
  readonly wakeTimeoutMs: number;
  readonly tls: SettingValue<'tls'>;
  /** Null is the home's own, as for the key. */
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** Null is nowhere: the API is for this machine only. */
  readonly listen: ListenAddress | null;
  /** Null is what the gateway listens on. */
  readonly publicHost: string | null;
  /** Requests a second of one token. */
  readonly apiRate: number;
  readonly auditKeepMs: number;
  readonly connectionWaitMs: number;
  /** Null is the driver's choice, as for the image. */
  readonly mariadbVersion: string | null;
  readonly mariadbImage: string | null;
  /** Null looks for it in the usual places. */
  readonly serverBinary: string | null;
  readonly autoPull: boolean;
  readonly logLevel: SettingValue<'logLevel'>;
}

/** @throws CONFIG_INVALID */
export function readAgentSettings(configuration: Configuration): AgentSettings {
  const { value } = configuration;
  return Object.freeze({
    driver: value('driver'),
    size: Object.freeze(value('size')),
    scaleDownAfterMs: value('scaleDownAfter'),
    hostCu: value('hostCu'),
    hostKind: value('hostKind'),
    ladder: value('ladder'),
    suspendAfterMs: value('suspendAfter'),
    suspendDepth: value('suspendDepth'),
    endPinnedAfterMs: value('endPinnedAfter'),
    maxSessions: value('maxSessions'),
    maxProjectSessions: value('maxProjectSessions'),
    sessionIdleTimeoutMs: value('sessionIdleTimeout'),
    quotaGraceMs: value('quotaGrace'),
    memoryReserve: value('memoryReserve'),
    keepDestroyedMs: value('keepDestroyed'),
    gatewayHost: value('gatewayHost'),
    gatewayPorts: Object.freeze(value('gatewayPorts')),
    sharedPort: value('sharedPort'),
    gatewayThreads: value('gatewayThreads'),
    drainTimeoutMs: value('drainTimeout'),
    wakeTimeoutMs: value('wakeTimeout'),
    tls: value('tls'),
    tlsCert: value('tlsCert'),
    tlsKey: value('tlsKey'),
    listen: value('listen'),
    publicHost: value('publicHost'),
    apiRate: value('apiRate'),
    auditKeepMs: value('auditKeep'),
    connectionWaitMs: value('connectionWait'),
    mariadbVersion: value('mariadbVersion'),
    mariadbImage: value('mariadbImage'),
    serverBinary: value('serverBinary'),
    autoPull: value('autoPull'),
    logLevel: value('logLevel'),
  });
}
