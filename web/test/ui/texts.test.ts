import { describe, expect, it } from 'vitest';
import { de } from '../../src/ui/texts/de.ts';
import { en } from '../../src/ui/texts/en.ts';
import { chooseLanguage, languages, loadTexts, makeTexts, type Catalogue, type Sentence } from '../../src/ui/texts/texts.ts';

const catalogues: Record<string, Catalogue> = { en, de };

const forms = (sentence: Sentence): string[] => (typeof sentence === 'string' ? [sentence] : Object.values(sentence));
const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort();

describe('the catalogues', () => {
  it('are all loaded by their language', async () => {
    expect(languages.toSorted()).toEqual(Object.keys(catalogues).toSorted());
    for (const language of languages) expect((await loadTexts([language])).language).toBe(language);
  });

  for (const [language, catalogue] of Object.entries(catalogues)) {
    it(`${language} has every sentence, with the same values`, () => {
      expect(Object.keys(catalogue).toSorted()).toEqual(Object.keys(en).toSorted());
      for (const [key, sentence] of Object.entries(en) as [keyof Catalogue, Sentence][]) {
        for (const form of forms(catalogue[key])) {
          expect(form.trim(), key).toBe(form);
          expect(form, key).not.toBe('');
          // A plural form may leave the number out ("one minute"), never another value.
          expect(names(form).filter((n) => n !== 'count'), key).toEqual(names(forms(sentence)[0] ?? '').filter((n) => n !== 'count'));
        }
      }
    });

    it(`${language} has each plural form its language needs`, () => {
      const needed = new Set(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
      for (const [key, sentence] of Object.entries(catalogue)) {
        if (typeof sentence !== 'string') expect(new Set(Object.keys(sentence)), key).toEqual(needed);
      }
    });

    it(`${language} doesn't shout`, () => {
      for (const [key, sentence] of Object.entries(catalogue)) {
        for (const form of forms(sentence)) expect(form, key).not.toMatch(/!/);
      }
    });
  }
});

describe('saying a sentence', () => {
  const english = makeTexts('en', en);
  const german = makeTexts('de', de);

  it('chooses the plural by the count', () => {
    expect(english.say('unit.minutes', { count: 1 })).toBe('1 minute');
    expect(english.say('unit.minutes', { count: 2 })).toBe('2 minutes');
    expect(german.say('unit.minutes', { count: 0 })).toBe('0 Minuten');
  });

  it('puts values in as they are, numbers as the language writes them', () => {
    expect(english.say('notice.live', { name: '{name} <b>' })).toBe('Connected. You see {name} <b>.');
    expect(german.say('tools.zoom', { percent: 1250 })).toBe('1.250 %');
  });

  it('takes the first language that there is', () => {
    expect(chooseLanguage(['fr-CA', 'de-AT', 'en'])).toBe('de');
    expect(chooseLanguage(['tlh', 'constructor'])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
  });

  it('runs from right to left where the language does', () => {
    expect(makeTexts('he', en).direction).toBe('rtl');
    expect(german.direction).toBe('ltr');
  });
});
