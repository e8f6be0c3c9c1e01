export { clientTls } from './client-tls.ts';
export { runInstalledClient } from './installed-client.ts';
export { resultJson, resultText } from './result-text.ts';
export { runSqlShell } from './shell.ts';
