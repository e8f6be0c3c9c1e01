import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Asks over a Unix socket and reads the answer to its end, making nothing of it. @returns how long it is, in bytes */
export async function askSocket(socketPath: string, path: string): Promise<number> {
  return (await answerOfSocket(socketPath, path)).length;
}

/** The same. @returns its body */
export function answerOfSocket(socketPath: string, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path, agent: false }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path} was answered with ${String(answer.statusCode)}`));
      buffer(answer).then(resolve, reject);
    }).on('error', reject);
  });
}
