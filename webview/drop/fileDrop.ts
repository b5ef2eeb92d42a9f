import type { HostMessage, WebviewMessage } from '../../src/shared/protocol.ts';
import { element, icon } from '../dom.ts';

type Asked = Extract<HostMessage, { type: 'takePiece' }>;

const FILES = 'Files';
const URIS = 'text/uri-list';

/**
 * The page as a target for files. Those of the operating system come as bytes, which the host asks for piece by
 * piece: a page may not hold a large file.
 */
export class FileDrop {
  readonly hint = element('div', { class: 'drop-hint' });
  readonly #post: (message: WebviewMessage) => void;
  readonly #files = new Map<number, readonly File[]>();
  #lastId = 0;

  constructor(post: (message: WebviewMessage) => void) {
    this.#post = post;
    this.hint.hidden = true;
    this.hint.append(icon('cloud-upload'), element('span', {}, 'Drop to insert into a table'));
    for (const type of ['dragenter', 'dragover'] as const) {
      document.addEventListener(type, (event) => {
        this.#over(event);
      });
    }
    document.addEventListener('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) this.hint.hidden = true;
    });
    document.addEventListener('drop', (event) => {
      this.#drop(event);
    });
  }

  async answer({ dropId, file, offset, bytes }: Asked): Promise<void> {
    const piece = await this.#files
      .get(dropId)
      ?.[file]?.slice(offset, offset + bytes)
      .arrayBuffer()
      .catch(() => undefined);
    this.#post({
      type: 'piece',
      dropId,
      file,
      offset,
      ...(piece && { bytes: new Uint8Array(piece) }),
    });
  }

  end(dropId: number): void {
    this.#files.delete(dropId);
  }

  #over(event: DragEvent): void {
    const { dataTransfer } = event;
    if (!dataTransfer || !carriesFiles(dataTransfer)) return;
    // VS Code would take the drag over, and with it the drop.
    event.preventDefault();
    event.stopPropagation();
    dataTransfer.dropEffect = 'copy';
    this.hint.hidden = false;
  }

  #drop(event: DragEvent): void {
    this.hint.hidden = true;
    const { dataTransfer } = event;
    if (!dataTransfer || !carriesFiles(dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    const files = [...dataTransfer.files];
    if (files.length > 0) {
      const dropId = ++this.#lastId;
      this.#files.set(dropId, files);
      this.#post({
        type: 'dropFiles',
        dropId,
        files: files.map(({ name, size }) => ({ name, bytes: size })),
      });
      return;
    }
    const lines = dataTransfer.getData(URIS).split(/\r?\n/);
    const uris = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
    if (uris.length > 0) this.#post({ type: 'dropUris', uris });
  }
}

const carriesFiles = ({ types }: DataTransfer): boolean =>
  types.includes(FILES) || types.includes(URIS);
