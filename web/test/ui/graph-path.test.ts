import { describe, expect, it } from 'vitest';
import { areaPath, linePath, niceTop } from '../../src/ui/session/graph-path.ts';

describe('the graph of the last minute', () => {
  it('puts the newest value at the right edge and the greatest at the top', () => {
    expect(linePath([0, 10], 3, 100, 50, 10)).toBe('M50 50L100 0');
  });

  it('draws nothing where nothing was measured, and a dot for a value alone', () => {
    expect(linePath([5, undefined, 5, 5], 4, 90, 10, 10)).toBe('M0 5l0 0M60 5L90 5');
    expect(linePath([undefined, undefined], 4, 90, 10, 10)).toBe('');
  });

  it('cuts off at the top instead of leaving the picture', () => {
    expect(linePath([40, 40], 2, 10, 50, 10)).toBe('M0 0L10 0');
  });

  it('fills down to the base line', () => {
    expect(areaPath([10, 10], 3, 100, 50, 10)).toBe('M50 0L100 0L100 50L50 50Z');
    expect(areaPath([10], 3, 100, 50, 10)).toBe('');
  });

  it('has a scale that changes rarely', () => {
    expect(niceTop([3, undefined, 7], 20)).toBe(20);
    expect(niceTop([21], 20)).toBe(50);
    expect(niceTop([430_000], 100_000)).toBe(500_000);
  });
});
