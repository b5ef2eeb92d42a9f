import { isRowhouseError } from '../../core/client/errors.ts';
import { isEngineError } from '../../core/engine/errors.ts';
import type { CommandId } from '../commands/registry.ts';
import { ConnectionGoneError } from '../connections/goneConnection.ts';
import { UncheckedServerError } from '../connections/insecure.ts';

/** A command that helps with a failure, offered as a button. */
export interface HelpfulCommand {
  readonly command: CommandId;
  readonly title: string;
}

const ADD: HelpfulCommand = { command: 'rowhouse.addConnection', title: 'Add connection…' };
const EDIT: HelpfulCommand = { command: 'rowhouse.editConnection', title: 'Edit connection…' };
const INSTALL: HelpfulCommand = {
  command: 'rowhouse.installLocalEngine',
  title: 'Install local ClickHouse',
};

const SELECT: HelpfulCommand = {
  command: 'rowhouse.selectConnection',
  title: 'Choose connection…',
};
const SETTINGS: HelpfulCommand = {
  command: 'rowhouse.openConnectionSettings',
  title: 'Open settings',
};

/** Errors that a change of the connection may mend. */
const ABOUT_CONNECTION: readonly string[] = ['auth', 'connect', 'wrongPort', 'protocol'];

/**
 * Commands that help with this failure.
 * @param isServer the failure is about a server of the user's, which can be edited
 */
export function helpfulCommands(error: unknown, isServer: boolean): HelpfulCommand[] {
  if (isEngineError(error)) {
    const installs = error.kind === 'engineNotFound' && process.platform !== 'win32';
    return installs ? [INSTALL, ADD] : [ADD];
  }
  if (error instanceof ConnectionGoneError) return [SELECT, SETTINGS];
  if (error instanceof UncheckedServerError) return [SETTINGS];
  const edits = isServer && isRowhouseError(error) && ABOUT_CONNECTION.includes(error.kind);
  return edits ? [EDIT] : [];
}
