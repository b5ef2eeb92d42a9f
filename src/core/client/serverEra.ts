import type { InFormatErrors } from './bodyCheck.ts';
import { UsageError } from './errors.ts';
import type { ServerInfo, Settings } from './surface.ts';

/** What a server does with an error after the first bytes of a result, and with uploads, by its version. */
export interface ServerEra {
  /** Since 25.11: marked with a random tag of the reply. */
  readonly tagged: boolean;
  /** Since 24.11: the framing of the body is broken, so an orderly end means success. */
  readonly breaksFraming: boolean;
  /** Since 23.8: `http_write_exception_in_output_format` exists; its default is 1 until 25.10. */
  readonly hasInFormatSetting: boolean;
  /** Since 20.10: takes uploads compressed with zstd. */
  readonly readsZstd: boolean;
}

/** @param version as `SELECT version()` gives it, for example `24.8.1.2684` */
export function serverEra(version: string): ServerEra {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const since = (sinceMajor: number, sinceMinor: number): boolean =>
    major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
  return {
    tagged: since(25, 11),
    breaksFraming: since(24, 11),
    hasInFormatSetting: since(23, 8),
    readsZstd: since(20, 10),
  };
}

/** Settings and buffering that keep an error of the server from passing as data. */
export interface Safeguards {
  readonly buffered: boolean;
  readonly settings: Settings;
  readonly inFormatErrors: InFormatErrors;
}

const IN_FORMAT = 'http_write_exception_in_output_format';

/**
 * What to ask of a server, as far as it is known.
 * @param opaque true when the compressed reply is passed on and this Node cannot look into it
 */
export function safeguards(
  info: ServerInfo | undefined,
  request: { readonly settings: Settings; readonly buffered: boolean; readonly opaque: boolean },
): Safeguards {
  const era = info === undefined ? undefined : serverEra(info.version);
  // Only a broken framing shows an error in bytes that cannot be read.
  const buffered = request.buffered || (request.opaque && era?.breaksFraming !== true);
  const chosen = request.settings[IN_FORMAT];
  if (chosen !== undefined) {
    const on = chosen !== 0 && chosen !== 0n && chosen !== false && chosen !== '0';
    if (on && request.opaque) {
      throw new UsageError(`${IN_FORMAT} hides errors in a reply that is passed on compressed.`, {
        hint: 'Leave the setting away, or use gzip, br or zstd.',
      });
    }
    return { buffered, settings: {}, inFormatErrors: on ? 'on' : 'off' };
  }
  // Read-only users must not send settings, and older servers do not know this one.
  const allowed = era?.hasInFormatSetting === true && info?.readonly !== 1;
  if (!allowed || (era.tagged && !request.opaque)) {
    return { buffered, settings: {}, inFormatErrors: 'unknown' };
  }
  return { buffered, settings: { [IN_FORMAT]: 0 }, inFormatErrors: 'off' };
}
