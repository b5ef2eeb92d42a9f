/** Colours of a chart, resolved for the canvas: it knows no variables. */
export interface Palette {
  text: string;
  dim: string;
  grid: string;
  page: string;
  other: string;
  series: readonly string[];
  /** Lines are told apart by more than their colour. */
  isHighContrast: boolean;
  font: string;
}

/** VS Code's colours for charts, and two mixtures for the seventh and the eighth series. */
const SERIES = [
  'var(--vscode-charts-blue, #3794ff)',
  'var(--vscode-charts-orange, #d18616)',
  'var(--vscode-charts-green, #89d185)',
  'var(--vscode-charts-purple, #b180d7)',
  'var(--vscode-charts-red, #f14c4c)',
  'var(--vscode-charts-yellow, #cca700)',
  'color-mix(in srgb, var(--vscode-charts-blue, #3794ff) 55%, var(--vscode-charts-green, #89d185))',
  'color-mix(in srgb, var(--vscode-charts-red, #f14c4c) 55%, var(--vscode-charts-purple, #b180d7))',
];

/** @param probe an element of the page that shows nothing */
export function readPalette(probe: HTMLElement): Palette {
  const style = getComputedStyle(probe);
  const resolved = (color: string): string => {
    probe.style.color = color;
    return style.color;
  };
  return {
    text: resolved('var(--vscode-charts-foreground, var(--text))'),
    dim: resolved('var(--dim)'),
    grid: resolved(
      'color-mix(in srgb, var(--vscode-charts-foreground, var(--text)) 15%, transparent)',
    ),
    page: resolved('var(--page)'),
    other: resolved('color-mix(in srgb, var(--text) 50%, var(--page))'),
    // Opaque: VS Code's own dark theme has an orange that lets most of the page through.
    series: SERIES.map((color) => resolved(`rgb(from ${color} r g b / 1)`)),
    isHighContrast: document.body.classList.contains('vscode-high-contrast'),
    font: `12px ${style.fontFamily}`,
  };
}

export function colorOf(palette: Palette, index: number, isOther: boolean): string {
  return isOther ? palette.other : (palette.series[index % palette.series.length] ?? palette.text);
}

/** Lengths of the dashes and gaps of a line; none: it is solid. */
export function dashOf(palette: Palette, index: number): number[] {
  return palette.isHighContrast ? (DASHES[index % DASHES.length] ?? []) : [];
}

const DASHES: readonly number[][] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 4],
  [4, 2],
  [1, 4],
  [12, 2, 4, 2],
];
