import type { Page } from 'playwright-core';

/** Keys as a keyboard of another layout sends them: what they mean, and where they are. */
const foreign: Record<string, string> = { 'é': 'Digit2', 'ß': 'Minus', '€': 'KeyE', 'ж': 'Semicolon' };

/** Presses a key for each character, as a person would; a newline is Enter. */
export async function type(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  try {
    for (const character of text) {
      if (character === '\n') {
        await page.keyboard.press('Enter');
      } else if (foreign[character] === undefined) {
        await page.keyboard.press(character === ' ' ? 'Space' : character);
      } else {
        const key = { key: character, code: foreign[character] };
        await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, text: character });
        await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
      }
    }
  } finally {
    await session.detach();
  }
}
