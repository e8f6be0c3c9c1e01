/** What the image builder has to know of the host: contents of /etc/os-release and of its apt sources. */
export interface HostSystem {
  readonly osRelease: string;
  readonly aptSources: readonly string[];
}

/** Debian's suites and the MariaDB version line each has, the preferred one first. */
const SUITES = [
  { suite: 'bookworm', version: '10.11' },
  { suite: 'trixie', version: '11.8' },
] as const;

export interface SuiteChoice {
  readonly suite: string;
  readonly version: string;
}

export const BUILDABLE_VERSIONS: readonly string[] = SUITES.map(({ version }) => version);

/** The suite for a version line; without one the host's own, so that the packages match it. Null: none has it. */
export function chooseSuite(version: string | null, host: HostSystem): SuiteChoice | null {
  if (version !== null) return SUITES.find((known) => known.version === version) ?? null;
  const own = debianSuite(host.osRelease);
  return SUITES.find(({ suite }) => suite === own) ?? SUITES[0];
}

/**
 * The host's own apt sources for a suite, in the deb822 form, or null when it has none: mirrors and proxies that
 * the machine's owner chose are then used for the image too. Repositories of others are left out.
 */
export function sourcesFor(suite: string, host: HostSystem): string | null {
  const own = debianSuite(host.osRelease);
  if (own === null) return null;
  const stanzas = host.aptSources.flatMap(readStanzas).filter((stanza) => isDebianArchive(stanza, own));
  if (stanzas.length === 0) return null;
  return stanzas.map((stanza) => writeStanza(stanza, own, suite)).join('\n');
}

type Stanza = Readonly<Record<string, string>>;

function debianSuite(osRelease: string): string | null {
  if (!/^ID=["']?debian["']?$/m.test(osRelease)) return null;
  return /^VERSION_CODENAME=["']?(\w+)["']?$/m.exec(osRelease)?.[1] ?? null;
}

function readStanzas(text: string): Stanza[] {
  return /^\s*deb\s/m.test(text) ? readOneLineForm(text) : readDeb822(text);
}

function readDeb822(text: string): Stanza[] {
  const withoutComments = text.replace(/^#.*\n?/gm, '');
  return withoutComments.split(/\n\s*\n/).map((block) => {
    const fields = [...block.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)];
    return Object.fromEntries(fields.map(([, key = '', value = '']) => [key, value.trim()]));
  });
}

function readOneLineForm(text: string): Stanza[] {
  const lines = text.matchAll(/^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+?)\s*$/gm);
  return [...lines].map(([, options = '', uri = '', suite = '', components = '']) => {
    const signedBy = /signed-by=(\S+)/.exec(options)?.[1];
    return {
      Types: 'deb',
      URIs: uri,
      Suites: suite,
      Components: components,
      ...(signedBy === undefined ? {} : { 'Signed-By': signedBy }),
    };
  });
}

function isDebianArchive(stanza: Stanza, suite: string): boolean {
  const suites = words(stanza['Suites']);
  const isSuite = suites.some((name) => [suite, `${suite}-updates`, `${suite}-security`].includes(name));
  const isDebians = /debian(-security)?\/?$/.test(words(stanza['URIs'])[0] ?? '');
  const isSignedByDebian = (stanza['Signed-By'] ?? 'debian-archive').includes('debian-archive');
  return isSuite && isDebians && isSignedByDebian && words(stanza['Components']).includes('main');
}

function writeStanza(stanza: Stanza, own: string, suite: string): string {
  const suites = words(stanza['Suites']).filter((name) => name === own || /-(updates|security)$/.test(name));
  const changed = {
    ...stanza,
    Types: 'deb',
    Suites: suites.map((name) => name.replace(own, suite)).join(' '),
    Components: 'main',
  };
  const kept = ['Types', 'URIs', 'Suites', 'Components', 'Signed-By'] as const;
  const lines = kept.flatMap((key) =>
    (changed as Stanza)[key] === undefined ? [] : [`${key}: ${(changed as Stanza)[key] ?? ''}`],
  );
  return `${lines.join('\n')}\n`;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
