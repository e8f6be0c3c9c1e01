import type { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';

export interface AnswerServer extends AsyncDisposable {
  readonly socketPath: string;
}

/** Node.js's own HTTP server on a thread of its own, that has the same bytes ready for everybody. */
export async function serveBytes(socketPath: string, body: Buffer): Promise<AnswerServer> {
  const source = `(${serve.toString()})(require('node:http').createServer, require('node:worker_threads'))`;
  const worker = new Worker(source, { eval: true, workerData: { socketPath, body } });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return {
    socketPath,
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}

interface Threads {
  readonly workerData: { readonly socketPath: string; readonly body: Uint8Array };
  readonly parentPort: { postMessage(message: string): void };
}

function serve(create: typeof createServer, { workerData, parentPort }: Threads): void {
  const { socketPath, body } = workerData;
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const server = create((_request, answer) => {
    answer.writeHead(200, headers);
    answer.end(body);
  });
  server.listen(socketPath, () => parentPort.postMessage('up'));
}
