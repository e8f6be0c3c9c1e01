import type { Check } from '../../api/index.ts';

export function ok(name: string, summary: string): Check {
  return { name, status: 'ok', summary, hint: null };
}

/** Works, and may not for long, or not as asked for. */
export function warning(name: string, summary: string, hint: string): Check {
  return { name, status: 'warning', summary, hint };
}

/** Does not work, and has to be mended. */
export function failed(name: string, summary: string, hint: string): Check {
  return { name, status: 'failed', summary, hint };
}

/** Not asked, because something else has to be mended first. */
export function skipped(name: string, summary: string): Check {
  return { name, status: 'skipped', summary, hint: null };
}
