/** Where to connect, and as whom. */
export interface SqlAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

/** For people. */
export function whereOf({ host, port }: SqlAddress): string {
  return `${host}:${port}`;
}
