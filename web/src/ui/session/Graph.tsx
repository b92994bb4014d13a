import { areaPath, linePath, niceTop } from './graph-path.ts';

const width = 296;
const height = 56;

/** One measured thing over the last minute; newest at the right. Words stand beside it: the drawing is for the eye only. */
export function Graph({ label, values, slots, least, top: sayTop, filled = false }: {
  label: string;
  values: readonly (number | undefined)[];
  slots: number;
  /** The scale never goes below this, or noise would look like trouble. */
  least: number;
  top(value: number): string;
  filled?: boolean;
}) {
  const top = niceTop(values, least);
  return (
    <figure className="graph">
      <figcaption><span>{label}</span><span>{sayTop(top)}</span></figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={width} y1="0.5" y2="0.5" className="graph-top" />
        {filled && <path className="graph-area" d={areaPath(values.map((v) => v ?? 0), slots, width, height - 2, top)} />}
        <path className="graph-line" d={linePath(values, slots, width, height - 2, top)} />
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="graph-base" />
      </svg>
    </figure>
  );
}
