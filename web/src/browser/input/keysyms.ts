/** `KeyboardEvent.location`. */
export const KeyLocation = { standard: 0, left: 1, right: 2, numpad: 3 } as const;

/** A key that stands at two places sends the keysym of the one that was pressed. */
interface Sided {
  readonly left: number;
  readonly right: number;
}

const sided: Readonly<Record<string, Sided>> = {
  Shift: { left: 0xffe1, right: 0xffe2 },
  Control: { left: 0xffe3, right: 0xffe4 },
  Alt: { left: 0xffe9, right: 0xffea },
  Meta: { left: 0xffeb, right: 0xffec },
  OS: { left: 0xffeb, right: 0xffec },
  Super: { left: 0xffeb, right: 0xffec },
  Hyper: { left: 0xffed, right: 0xffee },
};

/** What the keypad's keys mean by themselves (X11's KP_ keysyms). */
const keypad: Readonly<Record<string, number>> = {
  Enter: 0xff8d, Home: 0xff95, ArrowLeft: 0xff96, ArrowUp: 0xff97, ArrowRight: 0xff98, ArrowDown: 0xff99,
  PageUp: 0xff9a, PageDown: 0xff9b, End: 0xff9c, Clear: 0xff9d, Insert: 0xff9e, Delete: 0xff9f,
  '=': 0xffbd, '*': 0xffaa, '+': 0xffab, '-': 0xffad, '.': 0xffae, ',': 0xffac, '/': 0xffaf,
  '0': 0xffb0, '1': 0xffb1, '2': 0xffb2, '3': 0xffb3, '4': 0xffb4, '5': 0xffb5, '6': 0xffb6, '7': 0xffb7, '8': 0xffb8, '9': 0xffb9,
};

/** Named values of `KeyboardEvent.key` (UI Events KeyboardEvent key Values) to X keysyms (keysymdef.h, XF86keysym.h). */
const named: Readonly<Record<string, number>> = {
  Backspace: 0xff08, Tab: 0xff09, Clear: 0xff0b, Enter: 0xff0d, Pause: 0xff13, ScrollLock: 0xff14, Escape: 0xff1b,
  Home: 0xff50, ArrowLeft: 0xff51, ArrowUp: 0xff52, ArrowRight: 0xff53, ArrowDown: 0xff54, PageUp: 0xff55, PageDown: 0xff56, End: 0xff57,
  Select: 0xff60, PrintScreen: 0xff61, Execute: 0xff62, Insert: 0xff63, Undo: 0xff65, Redo: 0xff66, Again: 0xff66, ContextMenu: 0xff67,
  Find: 0xff68, Cancel: 0xff69, Help: 0xff6a, Attn: 0xff6b, NumLock: 0xff7f, CapsLock: 0xffe5, Delete: 0xffff,
  AltGraph: 0xfe03, ModeChange: 0xff7e, Compose: 0xff20, Separator: 0xffac,
  // Input methods.
  KanjiMode: 0xff21, NonConvert: 0xff22, Convert: 0xff23, Romaji: 0xff24, Hiragana: 0xff25, Katakana: 0xff26, HiraganaKatakana: 0xff27,
  Zenkaku: 0xff28, Hankaku: 0xff29, ZenkakuHankaku: 0xff2a, KanaMode: 0xff2d, Eisu: 0xff2f, Alphanumeric: 0xff30,
  HangulMode: 0xff31, HanjaMode: 0xff34, JunjaMode: 0xff38, CodeInput: 0xff37, SingleCandidate: 0xff3c, AllCandidates: 0xff3d,
  PreviousCandidate: 0xff3e, GroupFirst: 0xfe0c, GroupLast: 0xfe0e, GroupNext: 0xfe08, GroupPrevious: 0xfe0a,
  // Media, browser and system keys.
  AudioVolumeDown: 0x1008ff11, AudioVolumeMute: 0x1008ff12, AudioVolumeUp: 0x1008ff13, MediaPlay: 0x1008ff14, MediaPlayPause: 0x1008ff14,
  MediaStop: 0x1008ff15, MediaTrackPrevious: 0x1008ff16, MediaTrackNext: 0x1008ff17, MediaRecord: 0x1008ff1c, MediaPause: 0x1008ff31,
  MediaRewind: 0x1008ff3e, MediaFastForward: 0x1008ff97, MicrophoneVolumeMute: 0x1008ffb2, MicrophoneToggle: 0x1008ffb2,
  BrightnessUp: 0x1008ff02, BrightnessDown: 0x1008ff03, LaunchMail: 0x1008ff19, BrowserSearch: 0x1008ff1b, LaunchCalendar: 0x1008ff20,
  Power: 0x1008ff2a, PowerOff: 0x1008ff2a, WakeUp: 0x1008ff2b, Standby: 0x1008ff10, Hibernate: 0x1008ffa8, Eject: 0x1008ff2c,
  BrowserBack: 0x1008ff26, BrowserForward: 0x1008ff27, BrowserStop: 0x1008ff28, BrowserRefresh: 0x1008ff29, BrowserFavorites: 0x1008ff30,
  BrowserHome: 0x1008ff18, LaunchMediaPlayer: 0x1008ff32, LaunchApplication1: 0x1008ff33, LaunchMyComputer: 0x1008ff33,
  LaunchApplication2: 0x1008ff1d, LaunchCalculator: 0x1008ff1d, LaunchScreenSaver: 0x1008ff2d, LaunchWebBrowser: 0x1008ff2e,
  LaunchMusicPlayer: 0x1008ff92, LaunchPhone: 0x1008ff6e, LaunchSpreadsheet: 0x1008ff5c, LaunchWordProcessor: 0x1008ff89,
  LogOff: 0x1008ff61, Close: 0x1008ff56, Copy: 0x1008ff57, Cut: 0x1008ff58, New: 0x1008ff68, Open: 0x1008ff6b,
  Paste: 0x1008ff6d, Save: 0x1008ff77, MailReply: 0x1008ff72, MailForward: 0x1008ff90, MailSend: 0x1008ff7b, SpellCheck: 0x1008ff7c,
  ZoomIn: 0x1008ff8b, ZoomOut: 0x1008ff8c,
};

const names = new Map<string, number>(Object.entries(named));
for (let i = 1; i <= 35; i++) names.set(`F${i}`, 0xffbe + i - 1);

/** The keysym of a character: Latin-1 as it is, everything else as Unicode. 0 for what is not one printable character. */
export function keysymOfCharacter(text: string): number {
  const point = text.codePointAt(0);
  if (point === undefined || text.length !== (point > 0xffff ? 2 : 1)) return 0;
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return 0;
  if (point >= 0xd800 && point <= 0xdfff) return 0;
  return point <= 0xff ? point : 0x0100_0000 + point;
}

/**
 * What a key means on the viewer's layout, as an X keysym; 0 when it means nothing by itself (dead keys and input methods,
 * which arrive as text).
 */
export function keysymOf(key: string, location: number): number {
  const sides = Object.hasOwn(sided, key) ? sided[key] : undefined;
  if (sides !== undefined) return location === KeyLocation.right ? sides.right : sides.left;
  if (location === KeyLocation.numpad && Object.hasOwn(keypad, key)) return keypad[key] ?? 0;
  return names.get(key) ?? keysymOfCharacter(key);
}
