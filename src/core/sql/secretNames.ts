/** Names of settings, parameters and placeholders whose values are secrets. */
export const SECRET_NAME = /password|secret|token|key|credential/i;
/** In the place of a secret; as ClickHouse's own logs show it. */
export const HIDDEN_VALUE = '[HIDDEN]';
/** As `HIDDEN_VALUE`, as a text of SQL. */
export const HIDDEN = `'${HIDDEN_VALUE}'`;
const NUMBER = /^(?:-?[\d.]+|true|false)$/i;

/** The value of a setting, hidden where its name says that it is a secret. */
export function hideSetting(name: string, value: string): string {
  return SECRET_NAME.test(name) && !NUMBER.test(value) ? HIDDEN : value;
}

/**
 * Values of placeholders, with `[HIDDEN]` for those whose names say that they are secrets: `{password:String}`.
 */
export function hideParameters(
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      SECRET_NAME.test(name) ? HIDDEN_VALUE : value,
    ]),
  );
}

/** True for what `hideParameters` made of values with secrets: no statement can run with them. */
export function hasHiddenParameters(params: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(params).some(
    ([name, value]) => SECRET_NAME.test(name) && value === HIDDEN_VALUE,
  );
}
