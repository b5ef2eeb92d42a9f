/**
 * A second extension beside the measured one, in the same extension host: it is told over HTTP to call commands, and
 * tells how long the event loop was held up, how much memory the process has, and when replies began to come.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';

export interface HostState {
  /** ms since the last reset, or since the start. */
  readonly delayP50: number;
  readonly delayP99: number;
  readonly delayMax: number;
  /** MB of the process, now and at most since it began. */
  readonly rss: number;
  readonly peakRss: number;
  /** ms since 1970: when the headers of the latest reply with rows came. */
  readonly replyAt: number;
}

export type ProbeRequest =
  | { readonly do: 'state'; readonly reset?: boolean }
  | { readonly do: 'command'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly do: 'run'; readonly sql: string };

/** Told by the bench: where to write the port. */
const PORT_FILE = process.env['ROWHOUSE_BENCH_PROBE'] ?? '';

const delay = monitorEventLoopDelay({ resolution: 1 });
let replyAt = 0;

export function activate(): void {
  delay.enable();
  subscribe('undici:request:headers', (message) => {
    const { request } = message as { request: { path: string } };
    if (request.path.includes('default_format=ArrowStream')) replyAt = now();
  });
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      void answer(JSON.parse(body) as ProbeRequest).then(
        (value) => response.end(JSON.stringify({ value })),
        (error: unknown) => response.end(JSON.stringify({ error: String(error) })),
      );
    });
  });
  server.listen(0, '127.0.0.1', () => {
    writeFileSync(PORT_FILE, String((server.address() as AddressInfo).port));
  });
}

async function answer(request: ProbeRequest): Promise<unknown> {
  switch (request.do) {
    case 'state':
      return state(request.reset === true);
    case 'command':
      return vscode.commands.executeCommand(request.name, ...request.args);
    case 'run': {
      const { activeTextEditor } = vscode.window;
      const uri = activeTextEditor?.document.uri;
      return vscode.commands.executeCommand('rowhouse.runQuery', { uri, sql: request.sql });
    }
  }
}

function state(reset: boolean): HostState {
  const told = {
    delayP50: delay.percentile(50) / 1e6,
    delayP99: delay.percentile(99) / 1e6,
    delayMax: delay.max / 1e6,
    rss: process.memoryUsage.rss() / 1e6,
    peakRss: peak(),
    replyAt,
  };
  if (reset) delay.reset();
  return told;
}

/** Linux only, else the current size. */
function peak(): number {
  try {
    const kib = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) return (Number(kib) * 1024) / 1e6;
  } catch {
    // There is no /proc.
  }
  return process.memoryUsage.rss() / 1e6;
}

const now = (): number => performance.timeOrigin + performance.now();
