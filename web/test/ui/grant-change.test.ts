import { expect, it } from 'vitest';
import { changeBetween } from '../../src/ui/session/useGrantChange.ts';

const look = { view: true, control: false, clipboard: false };

it('tells the change of a grant that matters most, and nothing when nothing changed', () => {
  expect(changeBetween(look, { ...look })).toBeUndefined();
  expect(changeBetween(look, { ...look, control: true, clipboard: true })).toBe('notice.grantControl');
  expect(changeBetween({ ...look, control: true }, look)).toBe('notice.grantLook');
  expect(changeBetween(look, { ...look, clipboard: true })).toBe('notice.grantClipboard');
  expect(changeBetween({ ...look, clipboard: true }, look)).toBe('notice.noClipboard');
});
