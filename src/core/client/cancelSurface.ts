/** The public types of what runs on servers and of its end. Types only, as in `surface.ts`. */

export type CancelOutcome =
  /** The query was there and has left `system.processes`; of all `nodes` nodes, when the client has a cluster. */
  | { readonly outcome: 'stopped'; readonly elapsedMs: number; readonly nodes?: number }
  /** The server knows no such running query of this user. */
  | { readonly outcome: 'notFound'; readonly elapsedMs: number }
  /** The server was told, but the query still runs; or parts of it do, on the nodes `runsOn` of the client's cluster. */
  | {
      readonly outcome: 'stillRunning';
      readonly elapsedMs: number;
      readonly runsOn?: readonly string[];
    }
  /**
   * The query runs neither on the server nor on any node of the client's cluster that answered. The nodes `notAsked` did
   * not answer; none are named when the cluster could not be asked at all, for `reason`.
   */
  | {
      readonly outcome: 'unverified';
      readonly elapsedMs: number;
      readonly notAsked: readonly string[];
      readonly reason?: string;
    };

/** A query that runs, with its parts on all nodes of the client's cluster. */
export interface RunningQuery {
  readonly queryId: string;
  readonly user: string;
  readonly elapsedMs: number;
  readonly readRows: number;
  readonly readBytes: number;
  /** The server's estimate of the rows it will read; 0 when it has none. */
  readonly totalRows: number;
  /** On all nodes together. */
  readonly memoryBytes: number;
  /** It was told to stop. */
  readonly isCancelled: boolean;
  /** Its first 2,000 characters. */
  readonly query: string;
  /** Names of the nodes where parts of it run; empty without a cluster. */
  readonly nodes: readonly string[];
  /** The node that it was sent to; undefined without a cluster, and when that node does not run it any more. */
  readonly sentTo: string | undefined;
}

export interface RunningQueries {
  readonly queries: readonly RunningQuery[];
  /** Names of the nodes of the client's cluster that did not answer. */
  readonly notAsked: readonly string[];
}

/** A replica of a cluster, as the server that was asked has it in its configuration; a server may be in several shards. */
export interface ClusterNode {
  /** `host:port` of the native protocol. */
  readonly name: string;
  readonly shard: number;
  readonly replica: number;
  /** It is the server that was asked. */
  readonly isLocal: boolean;
  /** Failures to reach it that the asked server remembers; it forgets them with time. */
  readonly errors: number;
  /** What it said of itself; undefined when it did not answer. */
  readonly answer:
    { readonly hostName: string; readonly version: string; readonly uptimeSec: number } | undefined;
}

export interface CancelOptions {
  /** True: also a query of another user, which needs the right to. Default false. */
  anyUser?: boolean;
  /** How long to watch `system.processes` until the answer is `stillRunning`, milliseconds. Default 5 000. */
  waitMs?: number;
  signal?: AbortSignal;
}
