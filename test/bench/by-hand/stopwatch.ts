/** Milliseconds since an instant, to the microsecond. */
export function startStopwatch(): () => number {
  const beganNs = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - beganNs) / 1e6;
}
