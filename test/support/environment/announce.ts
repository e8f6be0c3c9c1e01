/** Every change to the machine is said before it is made. On stderr, so that reports on stdout stay whole. */
export function announce(message: string): void {
  process.stderr.write(`test environment: ${message}\n`);
}
