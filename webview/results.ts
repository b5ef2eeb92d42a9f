import { checkHostMessage } from '../src/shared/checkMessage.ts';
import { registerControls } from './controls.ts';
import { onCopyCells } from './copyEvents.ts';
import { ResultsView } from './resultsView.ts';
import { PageMemory } from './pageState.ts';
import { vscodeApi } from './vscodeApi.ts';

registerControls();
const api = vscodeApi();
const root = document.getElementById('results');
if (!root) throw new Error('The results page has no place for the results.');

const memory = new PageMemory(api.getState(), (state) => {
  api.setState(state);
});
// VS Code may not hear any more what a page says while it goes. It is left before it is hidden, mostly.
for (const type of ['blur', 'pagehide']) {
  window.addEventListener(type, () => {
    memory.saveNow();
  });
}

const view = new ResultsView(root, {
  post: (message) => {
    api.postMessage(message);
  },
  mac: navigator.platform.startsWith('Mac'),
  memory,
});

let isPressed = false;
for (const type of ['pointerdown', 'pointerup', 'pointercancel'] as const) {
  window.addEventListener(
    type,
    () => {
      isPressed = type === 'pointerdown';
    },
    true,
  );
}
window.addEventListener('focus', () => {
  // Who clicks into the page decides by that what has the focus.
  setTimeout(() => {
    if (!isPressed) view.focus();
  }, 0);
});

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const checked = checkHostMessage(event.data);
  if (checked.ok) view.receive(checked.message);
  // The console is the only place where a page can report that host and page do not fit together.
  // eslint-disable-next-line no-console -- see above
  else console.error(`Message dropped: ${checked.problem}`);
});

onCopyCells(() => {
  view.copy();
});

api.postMessage({ type: 'ready' });
