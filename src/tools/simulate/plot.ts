// Plots the results: the throughput within one installation's rate limits, and the duration of the sweep by number of
// replicas.

export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

export interface Axis {
  readonly label: string;
  readonly most: number;
  readonly step: number;
}

const WIDTH = 420;
const HEIGHT = 300;
const LEFT = 56;
const TOP = 40;
const RIGHT = 14;
const BOTTOM = 44;

export function plot(panels: readonly Panel[]): string {
  const size = `width="${WIDTH * panels.length}" height="${HEIGHT}"`;
  const drawn = panels.map((panel, n) => `<g transform="translate(${n * WIDTH},0)">\n${draw(panel)}\n</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11" fill="#24292f">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function draw({ title, x, y, lines }: Panel): string {
  const across = (value: number) => round(LEFT + (value / x.most) * (WIDTH - LEFT - RIGHT));
  const up = (value: number) => round(HEIGHT - BOTTOM - (value / y.most) * (HEIGHT - TOP - BOTTOM));
  const [left, right, bottom, top] = [across(0), across(x.most), up(0), up(y.most)];
  const middle = round((top + bottom) / 2);
  return [
    `<text x="${LEFT}" y="18" font-size="13" font-weight="bold">${title}</text>`,
    ...ticks(y).map((tick) => `<path d="M${left} ${up(tick)}H${right}" stroke="#d0d7de"/>`),
    ...ticks(y).map((tick) => `<text x="${left - 6}" y="${up(tick) + 4}" text-anchor="end">${tick}</text>`),
    ...ticks(x).map(
      (tick) => `<text x="${across(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
    ),
    `<text x="${right}" y="${HEIGHT - 8}" text-anchor="end">${x.label}</text>`,
    `<text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${y.label}</text>`,
    ...lines.flatMap(({ name, colour, points }, n) => [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map(([px, py]) => `${across(px)},${up(py)}`).join(" ")}"/>`,
      `<text x="${left + 8}" y="${top + 14 + n * 14}" fill="${colour}">${name}</text>`,
    ]),
  ].join("\n");
}

function ticks({ most, step }: Axis): readonly number[] {
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
