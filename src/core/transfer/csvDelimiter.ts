/** In the order of how usual they are. A comma is what the server takes by itself. */
const OTHERS = [';', '\t', '|'] as const;
const MOST_LINES = 20;

/**
 * The delimiter of CSV text in which no comma separates anything: one that every line has as often as the
 * first. Undefined when there is none.
 * @param text the beginning of a file, whole lines.
 */
export function findDelimiter(text: string): string | undefined {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .slice(0, MOST_LINES)
    // What stands between quotes separates nothing.
    .map((line) => line.replace(/"(?:[^"]|"")*"/g, ''));
  const [first] = lines;
  if (first === undefined) return undefined;
  return OTHERS.find((delimiter) => {
    const count = first.split(delimiter).length;
    return count > 1 && lines.every((line) => line.split(delimiter).length === count);
  });
}
