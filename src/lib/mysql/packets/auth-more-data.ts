const HEADER = 0x01;

/** A plugin's own packet inside the authentication exchange. */
export function isAuthMoreData(payload: Buffer): boolean {
  return payload[0] === HEADER;
}

export function readAuthMoreData(payload: Buffer): Buffer {
  return payload.subarray(1);
}

export function writeAuthMoreData(data: Buffer): Buffer {
  return Buffer.concat([Buffer.of(HEADER), data]);
}
