import { describe, expect, it } from 'vitest';
import { panSpeed } from '../../src/ui/session/edge-pan.ts';

describe('panning at the edge', () => {
  it('rests in the middle, and grows towards the edge', () => {
    expect(panSpeed(400, 800)).toBe(0);
    expect(panSpeed(28, 800)).toBe(0);
    expect(panSpeed(14, 800)).toBe(700);
    expect(panSpeed(0, 800)).toBe(1400);
    expect(panSpeed(800, 800)).toBe(-1400);
  });

  it('is no faster outside than at the edge', () => {
    expect(panSpeed(-500, 800)).toBe(1400);
    expect(panSpeed(5000, 800)).toBe(-1400);
  });
});
