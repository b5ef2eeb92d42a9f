/**
 * The answers that a caller of a command gave in advance. Menus and views pass their own objects (a Uri, a
 * tree item), never a plain one.
 */
export function answersOf(argument: unknown): Readonly<Record<string, unknown>> {
  const isPlain =
    typeof argument === 'object' &&
    argument !== null &&
    Object.getPrototypeOf(argument) === Object.prototype;
  return isPlain ? (argument as Record<string, unknown>) : {};
}

/** A text among the answers; undefined when it was not given or is no text. */
export function textAnswer(
  answers: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = answers[name];
  return typeof value === 'string' ? value : undefined;
}
