import { checkInsertHostMessage } from '../../src/shared/insert/checkInsertMessage.ts';
import type { InsertPageMessage } from '../../src/shared/insert/insertProtocol.ts';
import { registerControls } from '../controls.ts';
import { onCopyCells } from '../copyEvents.ts';
import { InsertView } from './insertView.ts';

declare function acquireVsCodeApi(): { postMessage(message: InsertPageMessage): void };

registerControls();
const api = acquireVsCodeApi();
const root = document.getElementById('insert');
if (!root) throw new Error('The insert page has no place for its contents.');

const view = new InsertView(root, {
  post: (message) => {
    api.postMessage(message);
  },
  mac: navigator.platform.startsWith('Mac'),
});

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const checked = checkInsertHostMessage(event.data);
  if (checked.ok) view.receive(checked.message);
  // The console is the only place where a page can report that host and page do not fit together.
  // eslint-disable-next-line no-console -- see above
  else console.error(`Message dropped: ${checked.problem}`);
});

onCopyCells(() => {
  view.copy();
});

api.postMessage({ type: 'ready' });
