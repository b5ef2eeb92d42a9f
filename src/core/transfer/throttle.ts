const EVERY_MS = 100;

interface Throttled<T> {
  (value: T): void;
  /** Reports at once, as the last report. */
  last(value: T): void;
}

/** Passes at most ten calls a second. */
export function throttled<T>(report: (value: T) => void): Throttled<T> {
  let next = 0;
  const call = (value: T): void => {
    const now = performance.now();
    if (now < next) return;
    next = now + EVERY_MS;
    report(value);
  };
  return Object.assign(call, { last: report });
}
