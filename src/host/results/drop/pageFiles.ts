import { open } from 'node:fs/promises';
import { UsageError } from '../../../core/client/errors.ts';
import type { DroppedFile, HostMessage, WebviewMessage } from '../../../shared/protocol.ts';

type Piece = Extract<WebviewMessage, { type: 'piece' }>;

/** Large enough that asking costs little, small enough that no window waits for one. */
const PIECE_BYTES = 2 * 1024 * 1024;
/** A page that was hidden does not answer, and nothing tells so. */
const PIECE_TIMEOUT_MS = 20_000;

/** Files of the operating system that were dropped on a page: their bytes are there, piece by piece. */
export class PageFiles {
  readonly files: readonly DroppedFile[];
  readonly #dropId: number;
  readonly #post: (message: HostMessage) => void;
  #waiting: ((piece: Piece | undefined) => void) | undefined;

  constructor(
    { dropId, files }: Extract<WebviewMessage, { type: 'dropFiles' }>,
    post: (message: HostMessage) => void,
  ) {
    this.#dropId = dropId;
    this.files = files;
    this.#post = post;
  }

  answer(piece: Piece): void {
    if (piece.dropId === this.#dropId) this.#waiting?.(piece);
  }

  /** The page is gone, or needs its files no longer. */
  end(): void {
    this.#post({ type: 'endDrop', dropId: this.#dropId });
    this.#waiting?.(undefined);
  }

  /**
   * Writes one of the files to a place where there is none yet. False: the page cannot read it, or `signal` was
   * aborted.
   * @throws UsageError when the page went away
   */
  async copy(
    file: number,
    place: string,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ): Promise<boolean> {
    const { name = '', bytes = 0 } = this.files[file] ?? {};
    const handle = await open(place, 'wx', 0o600);
    try {
      // An empty file is asked for, too: a folder looks like one.
      let offset = 0;
      do {
        const piece = await this.#take(file, name, offset, signal);
        if (!piece || (piece.length === 0 && offset < bytes)) return false;
        await handle.writeFile(piece);
        offset += piece.length;
        onBytes(offset);
      } while (offset < bytes);
      return true;
    } finally {
      await handle.close();
    }
  }

  async #take(
    file: number,
    name: string,
    offset: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    let timer: NodeJS.Timeout | undefined;
    let stop: (() => void) | undefined;
    try {
      const piece = await new Promise<Piece | undefined>((resolve) => {
        stop = () => {
          resolve(undefined);
        };
        this.#waiting = resolve;
        timer = setTimeout(stop, PIECE_TIMEOUT_MS);
        signal.addEventListener('abort', stop);
        this.#post({
          type: 'takePiece',
          dropId: this.#dropId,
          file,
          offset,
          bytes: PIECE_BYTES,
        });
      });
      if (signal.aborted) return undefined;
      if (piece?.file === file && piece.offset === offset) return piece.bytes;
      throw new UsageError(`${name} could not be read: the page that it was dropped on is gone.`, {
        hint: 'Leave the results in sight until the file is copied, or choose Insert File into Table….',
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
      if (stop) signal.removeEventListener('abort', stop);
    }
  }
}
