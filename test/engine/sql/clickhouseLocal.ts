/**
 * A child program: runs scripts through ClickHouse's own client code, the one that splits the text
 * given to clickhouse-client and clickhouse-local. Reads a JSON array on standard input; each item is
 * a list of texts for one session. Writes, per item, all output, or `{error}`.
 */
import { text } from 'node:stream/consumers';
import { Session } from 'chdb';

const items = JSON.parse(await text(process.stdin)) as string[][];
const outputs = items.map((texts) => {
  const session = new Session();
  try {
    return texts.map((sql) => session.query(sql, 'TSV')).join('');
  } catch (error) {
    return { error: String(error) };
  } finally {
    session.cleanup();
  }
});
process.stdout.write(JSON.stringify(outputs));
