import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import sax from 'sax';

/** One element of a configuration: its text, and the elements in it in their order. */
export interface Section {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Section[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Section[];
}

/** @throws Error for what is no XML. References to entities of the file's own are refused, not expanded. */
function readXml(text: string): Section {
  const root: Open = { name: '', text: '', children: [] };
  const path: Open[] = [root];
  const xml = sax.parser(true, { position: true });
  const add = (more: string): void => {
    const open = path.at(-1);
    if (open) open.text += more;
  };
  xml.onopentag = ({ name }) => {
    path.push({ name, text: '', children: [] });
  };
  xml.onclosetag = () => {
    const done = path.pop();
    if (done) path.at(-1)?.children.push(done);
  };
  xml.ontext = add;
  xml.oncdata = add;
  xml.onerror = (error) => {
    throw error;
  };
  xml.write(text).close();
  const [config] = root.children;
  if (config === undefined) throw new Error('It is empty.');
  return config;
}

/** As ClickHouse reads YAML: a list stands for repeated elements, names with @ are attributes. */
function sectionsOf(name: string, value: unknown): Section[] {
  if (Array.isArray(value)) return value.flatMap((each) => sectionsOf(name, each));
  if (typeof value !== 'object' || value === null) {
    return [{ name, text: typeof value === 'string' ? value : '', children: [] }];
  }
  const children = Object.entries(value).flatMap(([key, content]) =>
    key.startsWith('@') ? [] : sectionsOf(key, content),
  );
  return [{ name, text: '', children }];
}

/** A configuration of clickhouse-client as a tree. @throws Error with what is wrong with its text */
export function readConfig(text: string, kind: 'xml' | 'yaml'): Section {
  if (kind === 'xml') return readXml(text);
  // All values stay texts: a password of digits keeps its zeros.
  const [root] = sectionsOf('', load(text, { schema: FAILSAFE_SCHEMA }));
  if (root === undefined) throw new Error('It is empty.');
  return root;
}

/** The text of an element below; undefined when there is none. */
export function textOf(section: Section, ...path: readonly string[]): string | undefined {
  let found: Section | undefined = section;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found?.text;
}
