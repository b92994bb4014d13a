/**
 * Nine digits in text. The first three (four or five on a busy server) are the room's number, the last six the
 * secret. Both are typed as one row of digits, so the number is what is left before the last six.
 */
export const shortestCode = 9;
export const longestCode = 11;

/** The digits of any text, whatever separates them; digits of other scripts count as well. */
export function digitsOf(text: string): string {
  let digits = '';
  for (const char of text.normalize('NFKC')) {
    const value = decimalValue(char);
    if (value !== undefined) digits += value;
  }
  return digits;
}

/** `482190573` as `482 190 573`; a longer number takes its extra digits in the first group. Partial codes group from the left. */
export function groupDigits(digits: string): string {
  const first = Math.max(3, digits.length - 6);
  return [digits.slice(0, first), digits.slice(first, first + 3), digits.slice(first + 3)].filter((g) => g !== '').join(' ');
}

/** How a screen reader says a code: digit by digit, with a pause between groups. */
export function spokenCode(digits: string): string {
  return groupDigits(digitsOf(digits)).split(' ').map((group) => [...group].join(' ')).join(', ');
}

/** Where the caret belongs in the grouped text after `count` digits. */
export function caretAfter(grouped: string, count: number): number {
  let seen = 0;
  for (let at = 0; at < grouped.length; at++) {
    if (seen === count) return at;
    if (grouped[at] !== ' ') seen++;
  }
  return grouped.length;
}

/** The zeros of the decimal digits that people type on their own keyboards. */
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50];

function decimalValue(char: string): number | undefined {
  const point = char.codePointAt(0) ?? 0;
  const zero = zeros.find((z) => point >= z && point <= z + 9);
  return zero === undefined ? undefined : point - zero;
}
