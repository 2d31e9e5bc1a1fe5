/**
 * A language that nobody speaks: English with accents, two fifths longer, in brackets. Set `postroom-language` to
 * `pseudo` in the browser's storage: what is too narrow for other languages breaks, what is not translated stands out.
 */
type Texts = { [key: string]: string | Texts };

const ACCENTS: Record<string, string> = { a: 'å', c: 'ç', e: 'ë', i: 'ï', n: 'ñ', o: 'ö', u: 'ü', y: 'ÿ', A: 'Å', C: 'Ç', E: 'Ë', I: 'Ï', N: 'Ñ', O: 'Ö', U: 'Ü' };
const KEPT_WHOLE = /(\{\{[^}]+\}\}|<\/?[a-z][^>]*>|\$t\([^)]*\))/i;
const LONGER = 0.4;

/** The text in it; values, tags and nested texts stay what they are. */
export function pseudo(text: string): string {
  const letters = text.split(KEPT_WHOLE).map((part, at) => (at % 2 ? part : part.replace(/[a-z]/gi, (letter) => ACCENTS[letter] ?? letter))).join('');
  const more = Math.max(1, Math.ceil(text.replace(KEPT_WHOLE, '').length * LONGER));
  return `[${letters} ${'ëxtrå '.repeat(Math.ceil(more / 6)).slice(0, more).trim()}]`;
}

export const pseudoTexts = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, typeof value === 'string' ? pseudo(value) : pseudoTexts(value)]));
