import { hasOrder } from '../../src/core/types/comparable.ts';
import type { ColumnFilter, FilterOperator } from '../../src/shared/resultView.ts';
import { FILTER_OPERATORS } from '../../src/shared/resultView.ts';
import { button, iconButton, select } from '../controls.ts';
import { element } from '../dom.ts';
import type { ColumnInfo } from '../grid/columnInfo.ts';
import { OPERATOR_TITLES } from './viewModel.ts';

export interface FilterBarActions {
  onApply: (filter: ColumnFilter) => void;
  onClose: () => void;
}

const ORDERS: readonly FilterOperator[] = ['less', 'lessOrEqual', 'greater', 'greaterOrEqual'];
const WITHOUT_VALUE: readonly FilterOperator[] = ['isNull', 'isNotNull'];

/** The line in which a filter is written. */
export class FilterBar {
  readonly element: HTMLElement;
  readonly #infos: readonly ColumnInfo[];
  readonly #actions: FilterBarActions;
  readonly #column: HTMLElement & { value: string };
  readonly #operatorPlace = element('span', { class: 'filter-operator' });
  readonly #input = element('input', {
    type: 'text',
    class: 'text-input',
    spellcheck: 'false',
    'aria-label': 'Value',
  });
  readonly #list = element('textarea', {
    class: 'text-input',
    rows: '3',
    spellcheck: 'false',
    'aria-label': 'Values, one per line',
    placeholder: 'One value per line',
  });
  #operator: FilterOperator = 'equal';

  /** @param filter what to begin with @param infos by column of the result */
  constructor(filter: ColumnFilter, infos: readonly ColumnInfo[], actions: FilterBarActions) {
    this.#infos = infos;
    this.#actions = actions;
    this.#column = select(
      'Column',
      infos.map(({ name }, i) => [String(i), name]),
      () => {
        this.#showOperators();
      },
    );
    this.#column.value = String(filter.column);
    this.#operator = filter.operator;
    this.#input.value = filter.values[0] ?? '';
    this.#list.value = filter.values.join('\n');
    this.element = element(
      'div',
      { class: 'view-bar filter-bar', role: 'group', 'aria-label': 'Filter' },
      this.#column,
      this.#operatorPlace,
      this.#input,
      this.#list,
      button({
        title: 'Apply',
        primary: true,
        onClick: () => {
          this.#apply();
        },
      }),
      iconButton('close', 'Close', actions.onClose),
    );
    this.element.addEventListener('keydown', (event) => {
      this.#key(event);
    });
    this.#showOperators();
  }

  focus(): void {
    const field = [this.#input, this.#list].find(({ hidden }) => !hidden);
    (field ?? this.#operatorPlace.querySelector('select') ?? this.#column).focus();
    field?.select();
  }

  #key(event: KeyboardEvent): void {
    // The workbench listens too.
    event.stopPropagation();
    const { target } = event;
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#actions.onClose();
    } else if (
      event.key === 'Enter' &&
      (target === this.#input || event.ctrlKey || event.metaKey)
    ) {
      event.preventDefault();
      this.#apply();
    }
  }

  #showOperators(): void {
    const info = this.#infos[Number(this.#column.value)];
    const offered = FILTER_OPERATORS.filter(
      (operator) => !ORDERS.includes(operator) || (info !== undefined && hasOrder(info.value)),
    );
    if (!offered.includes(this.#operator)) this.#operator = 'equal';
    const operators = select(
      'Comparison',
      offered.map((operator) => [operator, OPERATOR_TITLES[operator]]),
      (value) => {
        this.#operator = offered.find((operator) => operator === value) ?? this.#operator;
        this.#showValue();
      },
    );
    operators.value = this.#operator;
    this.#operatorPlace.replaceChildren(operators);
    this.#showValue();
  }

  #showValue(): void {
    const info = this.#infos[Number(this.#column.value)];
    this.#list.hidden = this.#operator !== 'in';
    this.#input.hidden = this.#operator === 'in' || WITHOUT_VALUE.includes(this.#operator);
    const zone = info?.timeZone === undefined ? '' : `, in ${info.timeZone}`;
    this.#input.placeholder = `Value as the cells show it${zone}`;
    this.#input.title = info === undefined ? '' : `${info.type}${zone}`;
  }

  #apply(): void {
    const operator = this.#operator;
    const lines = this.#list.value.split('\n');
    // The line end after the last value begins no other one.
    if (lines.length > 1 && lines.at(-1) === '') lines.pop();
    const isList = operator === 'in';
    const values = WITHOUT_VALUE.includes(operator) ? [] : isList ? lines : [this.#input.value];
    this.#actions.onApply({ column: Number(this.#column.value), operator, values });
  }
}
