import type { WebviewMessage } from '../src/shared/protocol.ts';

/** What the page keeps over being hidden: nothing but the scroll position of the result it showed. */
export interface PageState {
  resultId: string;
  top: number;
  left: number;
}

interface VsCodeApi {
  postMessage(message: WebviewMessage): void;
  getState(): unknown;
  setState(state: PageState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

let api: VsCodeApi | undefined;

/** VS Code hands the API out only once per page. */
export function vscodeApi(): VsCodeApi {
  api ??= acquireVsCodeApi();
  return api;
}

export function savedState(): PageState | undefined {
  const state = vscodeApi().getState();
  if (typeof state !== 'object' || state === null) return undefined;
  const { resultId, top, left } = state as Partial<Record<keyof PageState, unknown>>;
  return typeof resultId === 'string' && typeof top === 'number' && typeof left === 'number'
    ? { resultId, top, left }
    : undefined;
}
