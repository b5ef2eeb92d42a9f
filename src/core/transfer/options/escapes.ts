const CHARACTERS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
const ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
};

/** `a\tb` as people type it becomes text with a tab. A backslash before any other letter stays. */
export function resolveEscapes(typed: string): string {
  return typed.replace(/\\([tnr\\])/g, (whole, letter: string) => CHARACTERS[letter] ?? whole);
}

/** The reverse of `resolveEscapes`: text with a tab becomes `a\tb`, to be shown and typed. */
export function writeEscapes(meant: string): string {
  return meant.replace(/[\t\n\r\\]/g, (character) => ESCAPES[character] ?? character);
}
