import type { StatementRunner } from '../../client/surface.ts';

/** What loading a result needs of a client or session. */
export type QuerySource = Pick<StatementRunner, 'rawQuery' | 'rawStream'>;
