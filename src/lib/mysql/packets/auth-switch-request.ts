import { PayloadReader } from '../payload-reader.ts';
import { PayloadWriter } from '../payload-writer.ts';
import { CLIENT_PLUGINS } from '../signing-methods.ts';

const HEADER = 0xfe;
/** Their clients take 32 bytes and no more, the last of which may be a zero. */
const WITHOUT_ZERO: ReadonlySet<string> = new Set(Object.values(CLIENT_PLUGINS));

/** https://mariadb.com/kb/en/connection/#authentication-switch-request */
export interface AuthSwitchRequest {
  readonly plugin: string;
  /** For mysql_native_password the 20 bytes of the scramble, its closing zero taken off; of signing methods just what there is. */
  readonly data: Buffer;
}

export function isAuthSwitchRequest(payload: Buffer): boolean {
  return payload[0] === HEADER && payload.length > 1;
}

export function readAuthSwitchRequest(payload: Buffer): AuthSwitchRequest {
  const reader = new PayloadReader(payload, 1);
  const plugin = reader.nullTerminatedBytes().toString('latin1');
  const data = reader.rest();
  const hasZero = !WITHOUT_ZERO.has(plugin) && data.at(-1) === 0;
  return { plugin, data: hasZero ? data.subarray(0, -1) : data };
}

export function writeAuthSwitchRequest({ plugin, data }: AuthSwitchRequest): Buffer {
  const writer = new PayloadWriter().uint8(HEADER).nullTerminated(plugin).bytes(data);
  return (WITHOUT_ZERO.has(plugin) ? writer : writer.uint8(0)).build();
}
