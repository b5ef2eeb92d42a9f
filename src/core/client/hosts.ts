import type { Ask } from './cancel.ts';
import type { Endpoint } from './endpoint.ts';
import type { HostState } from './connectionSurface.ts';
import type { ServerInfo } from './surface.ts';

/** One of the servers that a client may use: all have the same data and take the same user. */
export interface Host {
  readonly endpoint: Endpoint;
  /** Without credentials and query. */
  readonly url: string;
  /** Runs a small statement on this very host. */
  readonly ask: Ask;
  /** Asked once; kept when it succeeded. */
  info: ServerInfo | undefined;
}

interface Failure {
  /** Milliseconds, as `now` counts; before it the host is left alone. */
  readonly restsUntil: number;
  readonly times: number;
}

const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 600_000;

/**
 * Which host is in use: the first of the list that has not failed. One that failed is left alone for half a
 * minute, longer after each further failure, and used again once it was seen to answer.
 */
export class Hosts {
  readonly all: readonly Host[];
  readonly #failures = new Map<Host, Failure>();
  readonly #probed = new Set<Host>();
  readonly #now: () => number;
  readonly #onChange: (host: Host) => void;
  #inUse: Host;

  /** @param all at least one, the preferred one first */
  constructor(
    all: readonly [Host, ...Host[]],
    onChange: (host: Host) => void = () => undefined,
    now: () => number = () => performance.now(),
  ) {
    this.all = all;
    this.#inUse = all[0];
    this.#onChange = onChange;
    this.#now = now;
  }

  get inUse(): Host {
    return this.#inUse;
  }

  get states(): HostState[] {
    return this.all.map((host) => ({
      url: host.url,
      inUse: host === this.#inUse,
      failed: this.#failures.has(host),
      tunnel: host.endpoint.transport.tunnel?.name,
    }));
  }

  /** The host to try after those that failed this statement; undefined when all did. */
  next(tried: ReadonlySet<Host>): Host | undefined {
    const left = this.all.filter((host) => !tried.has(host));
    return left.find((host) => !this.#failures.has(host)) ?? left[0];
  }

  failed(host: Host): void {
    const { times = 0, restsUntil = 0 } = this.#failures.get(host) ?? {};
    if (times > 0 && this.#now() < restsUntil) return;
    const rest = Math.min(FIRST_REST_MS * 2 ** times, LONGEST_REST_MS);
    this.#failures.set(host, { restsUntil: this.#now() + rest, times: times + 1 });
    this.#choose();
  }

  answered(host: Host): void {
    if (this.#failures.delete(host)) this.#choose();
  }

  /** Looks whether hosts whose rest is over answer again, and lets nobody wait for it. */
  lookAfterFailed(answers: (host: Host) => Promise<boolean>): void {
    for (const [host, { restsUntil }] of this.#failures) {
      if (this.#now() < restsUntil || this.#probed.has(host)) continue;
      this.#probed.add(host);
      void answers(host).then((does) => {
        this.#probed.delete(host);
        if (does) this.answered(host);
        else this.failed(host);
      });
    }
  }

  #choose(): void {
    const well = this.all.find((host) => !this.#failures.has(host));
    // With all of them failing, staying is as good as anything.
    if (well === undefined || well === this.#inUse) return;
    this.#inUse = well;
    this.#onChange(well);
  }
}
