import type { TextSetting } from '../../../shared/textSetting.ts';
import type { RequestOptions } from '../../client/surface.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { unlessAborted } from '../../transfer/cancelled.ts';
import type { SettingChange } from '../../sql/setStatement.ts';
import { outputSettings } from '../../sql/settingsClause.ts';
import { changedTextSettings, TEXT_SETTING_NAMES } from '../../types/format/textSettings.ts';
import type { GridSettings } from './gridSettings.ts';
import type { QuerySource } from './querySource.ts';
import { isRefused } from './refused.ts';

export interface TextSettingsQuestion {
  /** The tab's session, or a client. */
  source: QuerySource;
  sql: string;
  gridSettings: GridSettings;
  /** What was set in the session, in order. */
  sessionSettings?: readonly SettingChange[];
  request?: Omit<RequestOptions, 'signal'>;
  signal?: AbortSignal;
}

/** A profile may hold any setting. */
const changesTexts = (name: string): boolean =>
  name === 'profile' || TEXT_SETTING_NAMES.includes(name);

/**
 * The settings that a statement's values are printed under, as far as they are not at their default. The server is
 * asked only when the session, the request or the statement itself sets one of them, and then with nothing run.
 */
export async function textSettingsOf(question: TextSettingsQuestion): Promise<TextSetting[]> {
  const { source, sql, gridSettings, sessionSettings = [], request, signal } = question;
  const own = outputSettings(sql).filter(({ name }) => changesTexts(name));
  const sent = Object.entries(request?.settings ?? {}).filter(([name]) => changesTexts(name));
  const held = sessionSettings.filter(({ name }) => changesTexts(name));
  if (own.length === 0 && sent.length === 0 && held.length === 0)
    return unlessAborted(gridSettings.texts(), signal);
  const ask = async (): Promise<TextSetting[]> => {
    const reply = await source.rawQuery(questionSql(own), {
      ...(request?.params && { params: request.params }),
      settings: Object.fromEntries(sent),
      format: 'JSONCompactEachRow',
      compression: 'none',
      ...(signal && { signal }),
    });
    return changedTextSettings(readPairs(reply.text()));
  };
  try {
    if (own.length > 0 || sent.length > 0) return await ask();
    return await gridSettings.textsOfSession(JSON.stringify(held), ask);
  } catch (error) {
    // The run that follows says what is wrong with the statement, if anything.
    if (isRefused(error)) return unlessAborted(gridSettings.texts(), signal);
    throw error;
  }
}

function questionSql(own: readonly SettingChange[]): string {
  const names = TEXT_SETTING_NAMES.map(quoteLiteral).join(', ');
  const list = own.map(({ name, value = 'DEFAULT' }) => `${name} = ${value}`).join(', ');
  const clause = own.length === 0 ? '' : ` SETTINGS ${list}`;
  // One row: the session may limit the rows of a result.
  return `SELECT groupArray([name, value]) FROM system.settings WHERE name IN (${names})${clause}`;
}

/** One row of pairs of name and value as JSONCompactEachRow. */
function readPairs(text: string): TextSetting[] {
  const [pairs] = JSON.parse(text) as [[string, string][]];
  return pairs.map(([name, value]) => ({ name, value }));
}
