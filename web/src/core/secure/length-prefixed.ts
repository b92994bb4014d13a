/** CPace's lv(): a length in LEB128, then that many bytes. No two different lists of values join to the same bytes. */
export function joinPrefixed(...values: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const value of values) {
    const prefix: number[] = [];
    let rest = value.length;
    for (; rest >= 0x80; rest >>>= 7) prefix.push((rest & 0x7f) | 0x80);
    prefix.push(rest);
    parts.push(Uint8Array.from(prefix), value);
  }
  return concat(...parts);
}

export function prefixedLength(count: number): number {
  let prefix = 1;
  for (let rest = count >>> 7; rest !== 0; rest >>>= 7) prefix++;
  return prefix + count;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

/** Whether two byte strings are equal, in a time that tells their lengths and nothing else. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let different = 0;
  for (let i = 0; i < a.length; i++) different |= a[i]! ^ b[i]!;
  return different === 0;
}
