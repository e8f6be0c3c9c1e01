import { DozeError } from '../../src/lib/errors/index.ts';
import {
  Capability,
  Command,
  TextResultReader,
  type Capabilities,
  type SessionQuery,
} from '../../src/lib/mysql/index.ts';
import { loginRawClient, type RawClient, type RawLogin } from './raw-client.ts';

/** A session whose statements and answers are bytes: no library between it and its character sets. */
export interface SessionConnection extends AsyncDisposable {
  readonly raw: RawClient;
  readonly query: SessionQuery;
}

const MAX_RESULT_LENGTH = 64 * 2 ** 20;
const PLAIN = Capability.PROTOCOL_41 | Capability.SECURE_CONNECTION | Capability.PLUGIN_AUTH;

/** Each way in which results may differ on the wire. */
export const RESULT_CAPABILITIES: readonly Capabilities[] = [
  { base: PLAIN, extended: 0 },
  { base: PLAIN | Capability.DEPRECATE_EOF, extended: 0 },
  { base: PLAIN | Capability.DEPRECATE_EOF | Capability.SESSION_TRACK | Capability.TRANSACTIONS, extended: 0x1d },
  { base: PLAIN, extended: 0x1d },
];

export async function openSessionConnection(
  login: Omit<RawLogin, 'capabilities'> & { readonly capabilities?: Capabilities },
): Promise<SessionConnection> {
  const asked = login.capabilities ?? RESULT_CAPABILITIES[0]!;
  const withDatabase = asked.base | (login.database === undefined ? 0 : Capability.CONNECT_WITH_DB);
  const capabilities = { ...asked, base: withDatabase };
  const raw = await loginRawClient({ ...login, capabilities });
  const query: SessionQuery = async (sql) => {
    raw.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]));
    const reader = new TextResultReader(capabilities, MAX_RESULT_LENGTH);
    for (;;) {
      const { payload } = await raw.read();
      const answer = reader.push(payload);
      if (answer === null) continue;
      if (answer.kind === 'rows') return answer.rows;
      if (answer.kind === 'ok') return [];
      const { errno, sqlState, message } = answer.err;
      throw new DozeError('SQL_FAILED', message, { details: { errno, sqlState } });
    }
  };
  return { raw, query, [Symbol.asyncDispose]: () => raw[Symbol.asyncDispose]() };
}
