import { createContext, useContext } from 'react';
import { en } from './en.ts';

/** A whole sentence with named values in braces. With a count, one sentence a plural form of the language. */
export type Sentence = string | { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string };

export type Key = keyof typeof en;
export type Catalogue = { readonly [K in Key]: Sentence };

type Named<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;
type Spoken<S> = S extends string ? S : S extends { readonly other: infer O } ? O : never;
type NamesOf<K extends Key> = Named<Spoken<(typeof en)[K]>>;
type Values<K extends Key> = { readonly [N in NamesOf<K>]: string | number };

export interface Texts {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** The sentence for `key` in this language. A plural is chosen by the value named `count`. */
  say<K extends Key>(key: K, ...values: [NamesOf<K>] extends [never] ? [] : [Values<K>]): string;
  number(value: number, digits?: number): string;
}

/** Catalogues by language. English is bundled: it is the source of the keys and what others fall back to. */
const catalogues: Record<string, () => Promise<Catalogue>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
};

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'yi']);

export const languages: readonly string[] = Object.keys(catalogues);

/** The first language of the person's list that there is a catalogue for. */
export function chooseLanguage(wanted: readonly string[]): string {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (Object.hasOwn(catalogues, language)) return language;
  }
  return 'en';
}

export async function loadTexts(wanted: readonly string[]): Promise<Texts> {
  const language = chooseLanguage(wanted);
  return makeTexts(language, await (catalogues[language] ?? catalogues['en']!)());
}

export function makeTexts(language: string, catalogue: Catalogue): Texts {
  const plural = new Intl.PluralRules(language);
  return {
    language,
    direction: rightToLeft.has(language) ? 'rtl' : 'ltr',
    say(key, ...values) {
      const given: Record<string, string | number> = values[0] ?? {};
      const sentence: Sentence = catalogue[key];
      const count = Number(given['count']);
      const spoken = typeof sentence === 'string' ? sentence : sentence[plural.select(count)] ?? sentence.other;
      return spoken.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = given[name];
        if (value === undefined) return whole;
        return typeof value === 'number' ? value.toLocaleString(language) : value;
      });
    },
    number: (value, digits = 0) =>
      value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  };
}

export const TextsContext = createContext<Texts>(makeTexts('en', en));
export const useTexts = (): Texts => useContext(TextsContext);
