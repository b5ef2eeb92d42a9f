import type { InsertSnapshot } from '../../src/shared/insert/insertProtocol.ts';
import { countOf } from '../../src/shared/humanNumbers.ts';
import { element, icon } from '../dom.ts';

/** The rows that will fail, as far as the look at the beginning found them. */
export class FailingRows {
  readonly element = element('section', { class: 'failing' });

  show({ failing, moreFail, reading, lookedAt }: InsertSnapshot): void {
    this.element.hidden = failing.length === 0;
    const allowed = reading.allowErrors ?? 0;
    const count = `${countOf(failing.length, 'row')}${moreFail ? ' or more' : ''}`;
    const among = lookedAt === undefined ? '' : ` of the first ${countOf(lookedAt, 'row')}`;
    const fits = !moreFail && failing.length <= allowed;
    const what = fits
      ? `${count}${among} cannot be read and will be left out`
      : `${count}${among} cannot be read: the insert will fail`;
    const lines = failing.map(({ row, column, reason }) => {
      const place = [
        ...(row === undefined ? [] : [`Row ${row}`]),
        ...(column === undefined ? [] : [column]),
      ];
      return element(
        'li',
        {},
        ...(place.length === 0 ? [] : [element('strong', {}, `${place.join(', ')}: `)]),
        element('span', { class: 'reason' }, reason),
      );
    });
    this.element.replaceChildren(
      element('h2', {}, icon('warning'), element('span', {}, what)),
      element('ul', { tabindex: '0', 'aria-label': 'Rows that cannot be read' }, ...lines),
    );
  }
}
