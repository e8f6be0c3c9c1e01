/** The version line of a reference to the vendor's image: `mariadb:10.11.6-jammy` is 10.11; null for other images. */
export function officialVersion(reference: string): string | null {
  return /^(?:docker\.io\/)?(?:library\/)?mariadb:(\d+\.\d+)/.exec(reference)?.[1] ?? null;
}
