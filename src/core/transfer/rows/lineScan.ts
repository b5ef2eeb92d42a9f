/** Bytes that are looked at in one call: one page of the program's memory. */
const PAGE_BYTES = 64 * 1024;
/** The program looks at so many bytes at once. */
const STEP_BYTES = 64;
/** Of the program's answer: lines in the low bits, in the highest one whether a quote is open. */
const LINES_MASK = 0x7fffffff;

/**
 * `lineScan.wat` in binary. SIMD: byte by byte JavaScript would take longer than everything else of a save.
 */
const PROGRAM = `
AGFzbQEAAAABCAFgA39+fwF/AwIBAAUDAQABBxECBm1lbW9yeQIABHNjYW4AAAq4AgG1AgMBfwR+BnsgAqwhBf0MCgoKCgoKCgoKCgoKCgoKCiEM/QwiIiIi
IiIiIiIiIiIiIiIiIQ0CQANAIAMgAE8NASAD/QAEACEIIAP9AAQQIQkgA/0ABCAhCiAD/QAEMCELIAggDP0j/WStIAkgDP0j/WStQhCGhCAKIAz9I/1krUIg
hiALIAz9I/1krUIwhoSEIQcgASAIIA39I/1krSAJIA39I/1krUIQhoQgCiAN/SP9ZK1CIIYgCyAN/SP9ZK1CMIaEhIMhBiAGIAZCAYaFIQYgBiAGQgKGhSEG
IAYgBkIEhoUhBiAGIAZCCIaFIQYgBiAGQhCGhSEGIAYgBkIghoUhBiAGIAWFIQYgBCAHIAZCf4WDe3whBCAGQj+HIQUgA0HAAGohAwwACwsgBKcgBadBH3Ry
Cw==`;

type Scan = (end: number, quotes: bigint, inside: number) => number;

/** What is used of WebAssembly, which neither Node's types nor those of the language describe. */
interface Assembly {
  readonly Module: new (program: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly scan: Scan };
  };
}
const { WebAssembly: assembly } = globalThis as unknown as { readonly WebAssembly: Assembly };

let compiled: object | undefined;

/** Counts line ends in bytes as they come. With `quoted`, those between double quotes belong to a value. */
export class LineScan {
  lines = 0;
  readonly #quotes: bigint;
  readonly #memory: Buffer;
  readonly #scan: Scan;
  #inside = 0;

  constructor(by: { readonly quoted: boolean }) {
    this.#quotes = by.quoted ? -1n : 0n;
    compiled ??= new assembly.Module(Buffer.from(PROGRAM, 'base64'));
    const { memory, scan } = new assembly.Instance(compiled).exports;
    this.#memory = Buffer.from(memory.buffer);
    this.#scan = scan;
  }

  /** True while a quote is open. */
  get isQuoted(): boolean {
    return this.#inside !== 0;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += PAGE_BYTES) {
      const part = chunk.subarray(at, at + PAGE_BYTES);
      this.#memory.set(part);
      const end = Math.ceil(part.length / STEP_BYTES) * STEP_BYTES;
      this.#memory.fill(0, part.length, end);
      const found = this.#scan(end, this.#quotes, this.#inside);
      this.lines += found & LINES_MASK;
      this.#inside = found >> 31;
    }
  }
}
