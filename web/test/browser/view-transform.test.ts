import { describe, expect, it } from 'vitest';
import { ViewTransform } from '../../src/browser/view/view-transform.ts';

const view = { width: 1000, height: 800 };
const picture = { width: 1920, height: 1080 };

describe('how the desktop lies in the view', () => {
  it('fits whole and centred', () => {
    const t = ViewTransform.of(view, picture, 1);
    expect(t.scale).toBeCloseTo(1000 / 1920);
    expect(t.x).toBe(0);
    expect(t.y).toBe(Math.round((800 - 1080 * t.scale) / 2));
    expect(t.pixelAt(0, t.y)).toEqual({ x: 0, y: 0 });
    expect(t.pixelAt(999.9, 700)).toEqual({ x: 1919, y: 1079 });
  });

  it('is one device pixel a desktop pixel at 1:1, also on dense screens, and never blurred', () => {
    const t = ViewTransform.of({ width: 641, height: 401 }, { width: 640, height: 400 }, 2, 'actual');
    expect(t.scale).toBe(0.5);
    expect(t.isCrisp).toBe(true);
    expect(Number.isInteger(t.x * 2) && Number.isInteger(t.y * 2)).toBe(true);
  });

  it('lies in the top-left corner in kiosk mode, however large the view', () => {
    const t = ViewTransform.of({ width: 3000, height: 3000 }, picture, 1, 'corner');
    expect([t.scale, t.x, t.y]).toEqual([1, 0, 0]);
    expect(t.pixelAt(17.3, 42.9)).toEqual({ x: 17, y: 42 });
  });

  it('keeps the desktop point under the fingers while zooming', () => {
    let t = ViewTransform.of(view, picture, 1);
    t = t.zoomAt(500, 400, 3);
    const before = t.toDesktop(300, 500);
    const after = t.zoomAt(300, 500, 1.5).toDesktop(300, 500);
    expect(after.x).toBeCloseTo(before.x, 0);
    expect(after.y).toBeCloseTo(before.y, 0);
    expect(t.mode).toBe('free');
  });

  it('does not let anybody pan or zoom into nowhere', () => {
    let t = ViewTransform.of(view, picture, 1).zoomAt(500, 400, 4);
    t = t.panBy(1e6, 1e6);
    expect([t.x, t.y]).toEqual([0, 0]);
    t = t.panBy(-1e6, -1e6);
    expect(t.toDesktop(1000, 800).x).toBeCloseTo(1920, 0);
    expect(t.zoomAt(0, 0, 1e9).scale).toBe(16);
    expect(t.zoomAt(0, 0, 1e-9).scale).toBe(0.05);
  });

  it('goes there and back', () => {
    const t = ViewTransform.of(view, picture, 1.5).zoomAt(10, 20, 2.7).panBy(-33, -12);
    const there = t.toScreen(123, 456);
    const back = t.toDesktop(there.x, there.y);
    expect(back.x).toBeCloseTo(123);
    expect(back.y).toBeCloseTo(456);
  });

  it('keeps its place when the window turns or the picture changes', () => {
    const t = ViewTransform.of(view, picture, 1).zoomAt(500, 400, 3).panBy(-200, -100);
    const centre = t.toDesktop(500, 400);
    const turned = t.withView({ width: 800, height: 1000 }, 1);
    expect(turned.toDesktop(400, 500).x).toBeCloseTo(centre.x, 0);
    expect(turned.toDesktop(400, 500).y).toBeCloseTo(centre.y, 0);
    expect(t.withPicture({ width: 2560, height: 1440 }).scale).toBe(t.scale);
    expect(t.withPicture(picture)).toBe(t);
    expect(t.withView(view, 1)).toBe(t);
  });

  it('follows a pointer that is pushed to the edge', () => {
    const t = ViewTransform.of(view, picture, 1).zoomAt(0, 0, 6);
    const seen = t.reveal(1900, 1000, 48);
    const at = seen.toScreen(1900, 1000);
    expect(at.x).toBeLessThanOrEqual(1000);
    expect(at.y).toBeLessThanOrEqual(800);
    expect(seen.reveal(1900, 1000, 48)).toBe(seen);
  });

  it('holds without a picture or a view', () => {
    expect(ViewTransform.empty.withView(view, 1).withPicture(picture).scale).toBeCloseTo(1000 / 1920);
    expect(Number.isFinite(ViewTransform.empty.toDesktop(5, 5).x)).toBe(true);
  });
});
