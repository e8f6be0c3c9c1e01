/** RFC 4180 by its grammar: records of fields, as texts. */
export function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let rest = text;
  while (rest !== '') {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/.exec(rest);
    if (match === null) throw new TypeError(`no field of CSV: ${rest.slice(0, 40)}`);
    record.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === '\n') {
      records.push(record);
      record = [];
    }
    rest = rest.slice(match[0].length);
  }
  return records;
}
