import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Engine, startEngine } from '../../../src/core/engine/engine.ts';
import { errorPosition } from '../../../src/core/sql/errorPosition.ts';
import { type Statement, splitStatements } from '../../../src/core/sql/split.ts';
import { childScript, repositoryRoot, testProgram } from '../fixture.ts';
import { ask } from './query.ts';

const DATA = path.join(repositoryRoot, 'node_modules/vega-datasets/data');
const FILES = [
  'flights-3m.parquet',
  'airports.csv',
  'movies.json',
  'cars.json',
  'seattle-weather.csv',
];

describe('samples/tour.sql', function () {
  this.timeout(60_000);
  let folder = '';
  let engine: Engine;
  let script: string;
  let statements: Statement[];

  before(async () => {
    script = await readFile(path.join(repositoryRoot, 'samples/tour.sql'), 'utf8');
    statements = splitStatements(script);
    folder = await mkdtemp(path.join(os.tmpdir(), 'rowhouse-tour-'));
    await mkdir(path.join(folder, 'data'));
    for (const name of FILES) {
      await symlink(path.join(DATA, name), path.join(folder, 'data', name));
    }
    engine = await startEngine({
      program: await testProgram(),
      childScript,
      workingDirectory: folder,
    });
  });

  after(async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The statement under the heading with this number, and its answer in the session of the tour. */
  async function run(number: number): Promise<string> {
    const { text } = only(number);
    const answer = await ask(engine.endpoint, text, { session_id: 'tour' });
    assert.ok(answer.ok, answer.text);
    return answer.text;
  }

  function only(number: number): Statement {
    const found = statements.filter(({ fullStart, start }) =>
      script.slice(fullStart, start).includes(`-- ${number}. `),
    );
    const [statement] = found;
    assert.ok(statement && found.length === 1, `statement ${number}`);
    return statement;
  }

  it('has one numbered heading per statement, in order', () => {
    assert.equal(statements.length, 15);
    for (const [index, statement] of statements.entries()) assert.equal(only(index + 1), statement);
  });

  it('runs from top to bottom, and again', async () => {
    for (let round = 0; round < 2; round++) {
      for (let number = 1; number <= 13; number++) await run(number);
    }
  });

  it('shows what its comments promise', async () => {
    assert.match(
      await run(5),
      /^-9223372036854775808\t18446744073709551615\t1157920892\d+639935\t/,
    );
    assert.match(await run(6), /2024-03-31 04:30:00\.123456789\t2024-03-31 08:15:00\.123456789/);
    await run(8);
    assert.match(await run(9), /^America\/Los_Angeles\t/);
    await run(10);
    assert.match(await run(11), /^[A-Z]{3}\t\d+\t\d+\n/);
  });

  it('makes a table that takes the CSV file', async () => {
    await run(12);
    const insert = "INSERT INTO weather SELECT * FROM file('data/seattle-weather.csv')";
    const answer = await ask(engine.endpoint, insert);
    assert.ok(answer.ok, answer.text);
    assert.equal((await run(13)).trimEnd().split('\n').length, 48);
  });

  it('selects three million rows', async () => {
    const { text } = only(14);
    const answer = await ask(engine.endpoint, `SELECT count() FROM (${text})`);
    assert.equal(answer.text, '3000000\n');
  });

  it('fails where it says so, at the misspelt name', async () => {
    const { text } = only(15);
    const answer = await ask(engine.endpoint, text);
    assert.equal(answer.ok, false);
    assert.match(answer.text, /UNKNOWN_IDENTIFIER/);
    const range = errorPosition(answer.text, text);
    assert.equal(text.slice(range?.start, range?.end), 'dealy');
  });
});
