import { PayloadReader } from '../payload-reader.ts';
import { PayloadWriter } from '../payload-writer.ts';

const HEADER = 0xfe;

/** https://mariadb.com/kb/en/connection/#authentication-switch-request */
export interface AuthSwitchRequest {
  readonly plugin: string;
  /** For mysql_native_password the 20 bytes of the scramble, its closing zero taken off. */
  readonly data: Buffer;
}

export function isAuthSwitchRequest(payload: Buffer): boolean {
  return payload[0] === HEADER && payload.length > 1;
}

export function readAuthSwitchRequest(payload: Buffer): AuthSwitchRequest {
  const reader = new PayloadReader(payload, 1);
  const plugin = reader.nullTerminatedBytes().toString('latin1');
  const data = reader.rest();
  return { plugin, data: data.at(-1) === 0 ? data.subarray(0, -1) : data };
}

export function writeAuthSwitchRequest(request: AuthSwitchRequest): Buffer {
  return new PayloadWriter().uint8(HEADER).nullTerminated(request.plugin).bytes(request.data).uint8(0).build();
}
