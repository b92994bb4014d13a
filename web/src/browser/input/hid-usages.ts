/**
 * Physical keys: `KeyboardEvent.code` (UI Events KeyboardEvent code Values) to the usage of the USB HID Keyboard page (0x07).
 * Media and browser keys live on the Consumer page and have no usage here: they travel by keysym alone.
 */
const named: Readonly<Record<string, number>> = {
  Enter: 0x28, Escape: 0x29, Backspace: 0x2a, Tab: 0x2b, Space: 0x2c,
  Minus: 0x2d, Equal: 0x2e, BracketLeft: 0x2f, BracketRight: 0x30, Backslash: 0x31, Semicolon: 0x33, Quote: 0x34,
  Backquote: 0x35, Comma: 0x36, Period: 0x37, Slash: 0x38, CapsLock: 0x39,
  PrintScreen: 0x46, ScrollLock: 0x47, Pause: 0x48, Insert: 0x49, Home: 0x4a, PageUp: 0x4b, Delete: 0x4c, End: 0x4d,
  PageDown: 0x4e, ArrowRight: 0x4f, ArrowLeft: 0x50, ArrowDown: 0x51, ArrowUp: 0x52,
  NumLock: 0x53, NumpadDivide: 0x54, NumpadMultiply: 0x55, NumpadSubtract: 0x56, NumpadAdd: 0x57, NumpadEnter: 0x58,
  NumpadDecimal: 0x63, IntlBackslash: 0x64, ContextMenu: 0x65, Power: 0x66, NumpadEqual: 0x67,
  Open: 0x74, Help: 0x75, Props: 0x76, Select: 0x77, Again: 0x79, Undo: 0x7a, Cut: 0x7b, Copy: 0x7c, Paste: 0x7d, Find: 0x7e,
  AudioVolumeMute: 0x7f, VolumeMute: 0x7f, AudioVolumeUp: 0x80, VolumeUp: 0x80, AudioVolumeDown: 0x81, VolumeDown: 0x81,
  NumpadComma: 0x85, IntlRo: 0x87, KanaMode: 0x88, IntlYen: 0x89, Convert: 0x8a, NonConvert: 0x8b,
  Lang1: 0x90, Lang2: 0x91, Lang3: 0x92, Lang4: 0x93, Lang5: 0x94,
  NumpadParenLeft: 0xb6, NumpadParenRight: 0xb7, NumpadBackspace: 0xbb,
  NumpadMemoryStore: 0xd0, NumpadMemoryRecall: 0xd1, NumpadMemoryClear: 0xd2, NumpadMemoryAdd: 0xd3,
  NumpadMemorySubtract: 0xd4, NumpadClear: 0xd8, NumpadClearEntry: 0xd9,
  ControlLeft: 0xe0, ShiftLeft: 0xe1, AltLeft: 0xe2, MetaLeft: 0xe3, OSLeft: 0xe3,
  ControlRight: 0xe4, ShiftRight: 0xe5, AltRight: 0xe6, MetaRight: 0xe7, OSRight: 0xe7,
};

const usages = new Map<string, number>(Object.entries(named));
for (let i = 0; i < 26; i++) usages.set(`Key${String.fromCharCode(65 + i)}`, 0x04 + i);
for (let i = 1; i <= 9; i++) {
  usages.set(`Digit${i}`, 0x1d + i);
  usages.set(`Numpad${i}`, 0x58 + i);
}
usages.set('Digit0', 0x27);
usages.set('Numpad0', 0x62);
for (let i = 1; i <= 12; i++) usages.set(`F${i}`, 0x39 + i);
for (let i = 13; i <= 24; i++) usages.set(`F${i}`, 0x68 + i - 13);

/** The HID usage of a physical key, 0 when it has none. */
export function usageOf(code: string): number {
  return usages.get(code) ?? 0;
}

export function knownCodes(): readonly string[] {
  return [...usages.keys()];
}
