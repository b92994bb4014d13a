export interface TextOutput {
  text(text: string): void;
  backspace(): void;
  paste(text: string): void;
}

/** Something to delete: a phone's keyboard says nothing of a backspace in an empty field. */
const padding = '\u00a0'.repeat(32);
const longest = 256;

/**
 * The hidden field that takes the keyboard: input methods compose in it, phones open their keyboard for it, and the browser's
 * paste event goes to it. What a phone's keyboard does to the field is told as the difference: characters removed, text added.
 */
export class TextEntry {
  readonly field: HTMLTextAreaElement;
  private before = padding;
  private composing = false;
  private onScreen = false;

  constructor(parent: HTMLElement, label: string, private readonly out: TextOutput, signal: AbortSignal) {
    const field = document.createElement('textarea');
    this.field = field;
    field.setAttribute('aria-label', label);
    field.autocapitalize = 'off';
    field.autocomplete = 'off';
    field.spellcheck = false;
    field.setAttribute('autocorrect', 'off');
    field.inputMode = 'none';
    field.tabIndex = 0;
    // Invisible, yet there: a field that is not displayed gets no keyboard. 16 px keeps iOS from zooming to it.
    field.style.cssText = 'position:absolute;left:0;top:0;width:1px;height:1px;opacity:0;border:0;padding:0;margin:0;resize:none;'
      + 'font-size:16px;caret-color:transparent;pointer-events:none;overflow:hidden;white-space:pre;outline:none';
    parent.append(field);
    this.reset();

    field.addEventListener('compositionstart', () => { this.composing = true; }, { signal });
    field.addEventListener('compositionend', (event) => {
      this.composing = false;
      if (this.onScreen) this.difference();
      else if (event.data !== '') this.out.text(event.data);
      this.reset();
    }, { signal });
    field.addEventListener('input', (event) => {
      if (this.composing && !this.onScreen) return;
      if (this.onScreen) this.difference();
      else if (event instanceof InputEvent && event.data !== null && !this.composing) this.out.text(event.data);
      if (!this.composing) this.reset();
    }, { signal });
    field.addEventListener('paste', (event) => {
      event.preventDefault();
      this.out.paste(event.clipboardData?.getData('text/plain') ?? '');
    }, { signal });
    signal.addEventListener('abort', () => field.remove());
  }

  /** A phone's keyboard: call it from a touch, or the browser does not open it. */
  show(shown: boolean): void {
    this.onScreen = shown;
    this.field.inputMode = shown ? 'text' : 'none';
    this.reset();
    // The change of the mode is noticed when focus comes anew.
    this.field.blur();
    this.field.focus({ preventScroll: true });
  }

  get isShown(): boolean {
    return this.onScreen;
  }

  private difference(): void {
    const after = this.field.value;
    const { removed, added } = textDifference(this.before, after);
    for (let i = 0; i < removed; i++) this.out.backspace();
    if (added !== '') this.out.text(added);
    this.before = after;
  }

  private reset(): void {
    if (this.onScreen && this.field.value.startsWith(padding) && this.field.value.length < longest) {
      // Words in the making stay: the keyboard's suggestions build on them.
      this.before = this.field.value;
      return;
    }
    this.field.value = padding;
    this.before = padding;
    this.field.setSelectionRange(padding.length, padding.length);
  }
}

/** How the end of a text changed: characters taken from its end, and what was put there. */
export function textDifference(before: string, after: string): { removed: number; added: string } {
  const from = [...before];
  const to = [...after];
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  return { removed: from.length - same, added: to.slice(same).join('') };
}
