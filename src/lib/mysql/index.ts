export { candidateAccounts } from './account-match.ts';
export {
  Capability,
  DEFAULT_CAPABILITIES,
  ExtendedCapability,
  has,
  negotiate,
  withoutTransforms,
  withTls,
  type Capabilities,
} from './capabilities.ts';
export { proveCertificate, type CertificateFacts } from './certificate-proof.ts';
export { CommandScanner, Stop } from './command-scanner.ts';
export { Command } from './commands.ts';
export { MAX_FRAME_LENGTH, PacketDecoder, writePacket, type Packet } from './frames.ts';
export { hostGenerality, matchesHost } from './host-pattern.ts';
export { parseKill, replaceKillId, type KillStatement } from './kill-statement.ts';
export { answerScramble, NATIVE_PASSWORD, parseStage2, recoverStage1, stage1Of, stage2Of } from './native-password.ts';
export { isAuthMoreData, readAuthMoreData, writeAuthMoreData } from './packets/auth-more-data.ts';
export {
  isAuthSwitchRequest,
  readAuthSwitchRequest,
  writeAuthSwitchRequest,
  type AuthSwitchRequest,
} from './packets/auth-switch-request.ts';
export { readChangeUser, writeChangeUser, type ChangeUser } from './packets/change-user.ts';
export { isEof, readEof, writeEof, type Eof } from './packets/eof.ts';
export { isErr, readErr, writeErr, type Err } from './packets/err.ts';
export { readGreeting, writeGreeting, type Greeting } from './packets/greeting.ts';
export { readHandshakeResponse, writeHandshakeResponse, type HandshakeResponse } from './packets/handshake-response.ts';
export { OK_HEADER, readOk, replaceOkMessage, writeOk, type Ok } from './packets/ok.ts';
export { isProgressReport, readProgressReport, type ProgressReport } from './packets/progress-report.ts';
export { isSslRequest, writeSslRequest } from './packets/ssl-request.ts';
export { PayloadReader } from './payload-reader.ts';
export { PayloadWriter } from './payload-writer.ts';
export { writeProxyHeader, type SocketAddress } from './proxy-header.ts';
export { ResponseScanner } from './response-scanner.ts';
export { ResponseTracker } from './response-tracker.ts';
export { ServerStatus } from './server-status.ts';
export {
  CLIENT_PLUGINS,
  isSignedBy,
  parseSigningMethod,
  SIGNATURE_LENGTH,
  SIGNED_SCRAMBLE_LENGTH,
  signedPasswordHash,
  writePasswordSalt,
  type SigningMethod,
} from './signing-methods.ts';
export { insertTypes, StatementBook, type PreparedStatement } from './statement-book.ts';
export {
  asksDiagnostics,
  describePin,
  GLANCE_QUERY,
  isPlainStatement,
  Mark,
  mayChangeGlobals,
  mayChangeRoutines,
  readGlance,
  replayDiagnostics,
  restoreStatements,
  StreamMarks,
  takeSnapshot,
  updateSnapshot,
  type Glance,
  type Left,
  type PinCode,
  type PinReason,
  type SessionQuery,
  type SessionSnapshot,
  type SnapshotOutcome,
} from './session-state/index.ts';
export { TextResultReader, type TextAnswer } from './text-result.ts';
