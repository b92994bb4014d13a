/**
 * An SVG path through `values` from left to right. Undefined values break the line: what was not measured is not drawn.
 * The newest value lies at the right edge; `slots` is how many fit the width.
 */
export function linePath(values: readonly (number | undefined)[], slots: number, width: number, height: number, top: number): string {
  const step = width / (slots - 1);
  const start = slots - values.length;
  let path = '';
  let drawing = false;
  values.forEach((value, at) => {
    if (value === undefined) {
      drawing = false;
      return;
    }
    const x = round((start + at) * step);
    const y = round(height - (Math.min(value, top) / top) * height);
    // A point alone still shows: a line of no length with round caps.
    const next = values[at + 1];
    path += drawing ? `L${x} ${y}` : `M${x} ${y}${next === undefined ? `l0 0` : ''}`;
    drawing = true;
  });
  return path;
}

/** The same values as a filled shape down to the base line; undefined counts as nothing. */
export function areaPath(values: readonly number[], slots: number, width: number, height: number, top: number): string {
  if (values.length < 2) return '';
  const start = round(((slots - values.length) * width) / (slots - 1));
  return `${linePath(values, slots, width, height, top)}L${width} ${height}L${start} ${height}Z`;
}

/** A round number at or above the greatest value, so that the scale changes rarely: 1, 2 or 5 times a power of ten. */
export function niceTop(values: readonly (number | undefined)[], least: number): number {
  const most = values.reduce<number>((a, b) => Math.max(a, b ?? 0), least);
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((m) => m * power).find((nice) => nice >= most) ?? most;
}

const round = (value: number): number => Math.round(value * 10) / 10;
