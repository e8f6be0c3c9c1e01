/**
 * Puts `content` between `<!-- name -->` and `<!-- /name -->`.
 * @throws when the markers are not there, once each and in this order
 */
export function replaceSection(text: string, name: string, content: string): string {
  const [before, rest, ...more] = text.split(`<!-- ${name} -->`);
  const [, after, ...evenMore] = (rest ?? '').split(`<!-- /${name} -->`);
  if (before === undefined || after === undefined || more.length + evenMore.length > 0)
    throw new Error(`the markers <!-- ${name} --> and <!-- /${name} --> are needed once each`);
  return `${before}<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->${after}`;
}
