// The part of these packages that is used; they bring no types of their own.
declare module 'sax' {
  interface Tag {
    readonly name: string;
  }
  interface Parser {
    onopentag: (tag: Tag) => void;
    onclosetag: (name: string) => void;
    ontext: (text: string) => void;
    oncdata: (text: string) => void;
    onerror: (error: Error) => void;
    write(text: string): Parser;
    close(): Parser;
  }
  const sax: { parser(strict: boolean, options: { position: boolean }): Parser };
  export = sax;
}
declare module 'js-yaml' {
  export const FAILSAFE_SCHEMA: unknown;
  export function load(text: string, options: { schema: unknown }): unknown;
}
