/** What the measured process is told on its command line, as JSON. */
export interface SaveJob {
  readonly endpoint: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly sql: string;
  readonly format: string;
  readonly path: string;
}

export interface Usage {
  readonly wallMs: number;
  /** User and system time together. */
  readonly cpuMs: number;
  readonly peakRssMiB: number;
  readonly bytes: number;
}
