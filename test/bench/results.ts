/**
 * The results grid against what it must reach, part by part:
 * - `spool`: a result into its file beside `curl -o` of the same bytes, with an engine of its own;
 * - `frames`: frame times of the page in a browser by size of the result, with a host that answers at once;
 * - `arriving`: in a real VS Code, how soon rows are painted, and how the extension host is held up meanwhile;
 * - `large`: in a real VS Code, 100 million rows on disk: how soon any of them are painted, and memory.
 *
 * `npm run bench -- results [--parts spool,frames,arriving,large] [--rows 10000000] [--rounds 5]
 * [--sizes 1e3x20,1e6x20,1e8x20,1e6x1000] [--largeRows 100000000]`
 */
import { parseArgs } from 'node:util';
import { measureArriving } from './results/arriving.ts';
import { measureFrames } from './results/frames.ts';
import { measureLarge } from './results/large.ts';
import { measureSpool } from './results/spool.ts';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'spool,frames,arriving,large' },
    rows: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '5' },
    sizes: { type: 'string', default: '1e3x20,1e6x20,1e8x20,1e6x1000' },
    largeRows: { type: 'string', default: '100000000' },
  },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];

const PARTS: Record<string, () => Promise<void>> = {
  spool: () => measureSpool(rows, rounds),
  frames: () =>
    measureFrames(
      values.sizes.split(',').map((size) => size.split('x').map(Number)),
      rounds,
    ),
  arriving: () => measureArriving(rows, rounds),
  large: () => measureLarge(Number(values.largeRows)),
};

for (const part of values.parts.split(',')) {
  const measure = PARTS[part];
  if (!measure) throw new Error(`No part "${part}". There are: ${Object.keys(PARTS).join(', ')}.`);
  await measure();
}
