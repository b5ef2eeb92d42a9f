import type { HostMessage, WebviewMessage } from '../../../shared/protocol.ts';
import type { DropPlace, PageDrops } from './pageDrops.ts';
import { PageFiles } from './pageFiles.ts';

type Dropped = Extract<WebviewMessage, { type: 'dropFiles' }>;
type Piece = Extract<WebviewMessage, { type: 'piece' }>;

/** The files of the operating system that were dropped on one page and are still needed. */
export class DroppedFiles {
  readonly #drops: PageDrops;
  readonly #post: (message: HostMessage) => void;
  readonly #files = new Set<PageFiles>();

  constructor(drops: PageDrops, post: (message: HostMessage) => void) {
    this.#drops = drops;
    this.#post = post;
  }

  async insert(dropped: Dropped, place: DropPlace): Promise<void> {
    const files = new PageFiles(dropped, this.#post);
    this.#files.add(files);
    await this.#drops.insertFiles(files, place);
    this.#files.delete(files);
  }

  take(piece: Piece): void {
    for (const files of this.#files) files.answer(piece);
  }

  /** The page is gone, or was loaded anew: it holds no files of before. */
  end(): void {
    for (const files of this.#files) files.end();
    this.#files.clear();
  }
}
