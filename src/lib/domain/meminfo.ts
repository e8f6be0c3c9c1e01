/** A line of the text of /proc/meminfo in bytes; null where the kernel does not say. */
export function meminfoBytes(text: string, field: string): number | null {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
