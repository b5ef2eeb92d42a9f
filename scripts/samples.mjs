// Sample data for the tour: real data sets of the npm package vega-datasets, copied to samples/data.
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/paths.mjs';

const FILES = [
  'airports.csv',
  'birdstrikes.csv',
  'cars.json',
  'countries.json',
  'disasters.csv',
  'earthquakes.json',
  'flights-200k.arrow',
  'flights-3m.parquet',
  'github.csv',
  'movies.json',
  'penguins.json',
  'seattle-weather.csv',
  'sp500.csv',
  'stocks.csv',
  'unemployment.tsv',
  'us-employment.csv',
  'zipcodes.csv',
];

export const samples = join(root, 'samples');

/** Copies what is missing or has another size. */
export function prepareSamples() {
  const from = join(root, 'node_modules/vega-datasets/data');
  const to = join(samples, 'data');
  mkdirSync(to, { recursive: true });
  for (const name of FILES) {
    const [source, target] = [join(from, name), join(to, name)];
    if (existsSync(target) && statSync(target).size === statSync(source).size) continue;
    copyFileSync(source, target);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { setupDependencies } = await import('./setup.mjs');
  await setupDependencies();
  prepareSamples();
  console.log(`${FILES.length} files in ${join(samples, 'data')}`);
}
