import type { Chart } from '../../src/shared/chart.ts';
import { showUnseen } from '../grid/cellText.ts';
import { colorOf, type Palette } from './palette.ts';

const MARGIN = 12;
const LINE = 20;
const SWATCH = 10;

interface Legend {
  name: string;
  color: string;
  x: number;
  y: number;
}

/** The drawing with its title, legend and caption on the page's background, as a PNG file. */
export async function chartImage(
  canvas: HTMLCanvasElement,
  chart: Chart,
  palette: Palette,
  title: string,
): Promise<Blob> {
  const ratio = devicePixelRatio;
  const width = canvas.width / ratio;
  const image = document.createElement('canvas');
  const pen = image.getContext('2d');
  if (!pen) throw new Error('This page cannot draw images.');
  pen.font = palette.font;
  const legend = legendOf(pen, chart, palette, width);
  const legendHeight = legend.length > 0 ? (legend.at(-1)?.y ?? 0) + LINE : 0;
  const notes = [chart.caption, ...chart.dropped];
  const top = MARGIN + LINE + legendHeight;
  const height = top + canvas.height / ratio + LINE * notes.length + MARGIN;
  image.width = Math.round(width * ratio);
  image.height = Math.round(height * ratio);
  pen.scale(ratio, ratio);
  pen.fillStyle = palette.page;
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = 'middle';
  pen.fillStyle = palette.text;
  pen.font = `bold ${palette.font}`;
  pen.fillText(showUnseen(title), MARGIN, MARGIN + LINE / 2, width - MARGIN * 2);
  pen.font = palette.font;
  for (const { name, color, x, y } of legend) {
    const middle = MARGIN + LINE + y + LINE / 2;
    pen.fillStyle = color;
    pen.fillRect(x, middle - SWATCH / 2, SWATCH, SWATCH);
    pen.fillStyle = palette.text;
    pen.fillText(name, x + SWATCH + 6, middle);
  }
  pen.drawImage(canvas, 0, top, width, canvas.height / ratio);
  pen.fillStyle = palette.dim;
  notes.forEach((note, i) => {
    const middle = height - MARGIN - LINE * (notes.length - i - 0.5);
    pen.fillText(showUnseen(note), MARGIN, middle, width - MARGIN * 2);
  });
  return new Promise((resolve, reject) => {
    image.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The image could not be made.'));
    }, 'image/png');
  });
}

function legendOf(
  pen: CanvasRenderingContext2D,
  { series }: Chart,
  palette: Palette,
  width: number,
): Legend[] {
  if (series.length < 2) return [];
  let [x, y] = [MARGIN, 0];
  return series.map(({ name, isOther }, i) => {
    const shown = showUnseen(name);
    const taken = SWATCH + 6 + pen.measureText(shown).width + 16;
    if (x > MARGIN && x + taken > width - MARGIN) [x, y] = [MARGIN, y + LINE];
    const entry = { name: shown, color: colorOf(palette, i, isOther), x, y };
    x += taken;
    return entry;
  });
}
