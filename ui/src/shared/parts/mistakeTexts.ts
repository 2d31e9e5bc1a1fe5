/** Mistakes of queries in the reader's language. The server tells them in English; what nobody has translated yet stays so. */
import type { TFunction } from 'i18next';

const SAID = String.raw`(?:'(?<said>[^]*?)'|"(?<said2>[^]*?)")`;
/** The server's sentences (`rooms/smart_views`, `views/search_*.py`) as they are recognised, what is said in them picked out. */
const SENTENCES = {
  tooLong: /^The query is too long\.$/, tooManyParts: /^The query has too many parts\.$/, tooDeep: /^The query is nested too deeply\.$/,
  noOpening: /^There is no opening parenthesis for this one\.$/, noClosing: /^This parenthesis is never closed\.$/, quoteOpen: /^This quote is never closed\.$/,
  valueExpected: /^A value is expected here\.$/, notNeeds: /^“not” needs something after it\.$/, joinNeeds: /^“and” and “or” need something on both sides\.$/, emptyParentheses: /^There is nothing in these parentheses\.$/,
  fieldExpected: /^A field's name is expected before this\.$/, noComparison: /^(?<said>\S+) is no comparison\.$/, noColon: /^No colon stands before a parenthesis: (?<said>[^]+?)\(…\), or/,
  cannotStand: new RegExp(`^${SAID} cannot stand here\\.$`), joinedBy: new RegExp(`^Conditions are joined by ${SAID};`),
  place: /^(?<said>\S+): has its place outside of (?<thing>\S+)\(…\)\.$/, takesColon: /^(?<said>\S+) takes a colon and a value, as in (?<example>[^]+)\.$/,
  listTooLong: /^A list may hold (?<most>\d+) values at most\.$/, wildcards: /^A name may have (?<most>\d+) wildcards\.$/, sortTooMany: /^Sorting is by (?<most>\d+) fields at most\.$/,
  limit: /^limit: takes a whole number/, slice: /^slice: takes a part and the number of parts/, sort: /^sort: takes names of fields/,
  noField: new RegExp(`^An? (?<thing>[a-z ]+) has no field ${SAID}\\.$`), noFieldAtAll: new RegExp(`^There is no field ${SAID}\\.$`), noCustom: /^An? (?<thing>[a-z ]+) has no custom fields\.$/,
  nothingCalled: new RegExp(`^There is nothing called ${SAID} to search\\.$`), nothingToHave: new RegExp(`^There is no ${SAID} to have\\.$`),
  noView: new RegExp(`^There is no Smart View ${SAID}\\.$`), viewOfOther: new RegExp(`^The Smart View ${SAID} finds (?<thing>\\w+?)s, not `), viewOfItself: new RegExp(`^The Smart View ${SAID} refers to itself\\.$`),
  noStatus: new RegExp(`^There is no status ${SAID}\\.$`), noTemplate: new RegExp(`^There is no template ${SAID}\\.$`), noUser: new RegExp(`^There is no user ${SAID}\\.$`), noChoice: new RegExp(`^There is no such choice: ${SAID}\\.$`),
  notYesNo: new RegExp(`^(?<name>[^]+?) is yes or no, not ${SAID}\\.$`), dateNotNumber: /^(?<name>[^]+?) is a date, not a number\.$/, notDate: new RegExp(`^(?<name>[^]+?) is a date, and ${SAID} is none\\.(?: (?<hint>[^]+))?$`),
  notNumber: new RegExp(`^(?<name>[^]+?) is a number, and (?:a moment|${SAID}) is none\\.$`), notOrdered: /^(?<name>[^]+?) is (?<kind>[^]+?); it is not more or less than anything\.$/, unfit: /^(?<name>[^]+?) is (?<kind>[^]+?); this cannot be asked of it\.$/,
  notMoment: /^(?<name>[^]+?) cannot be compared with a moment this way/, notTime: new RegExp(`^This is a time of day, as "09:00", and (?:${SAID}|[^]+?) is none\\.$`),
} as const;
const HINTS = {
  yearFirst: /^The year stands first\.$/, yearFirstUnclear: /^Write the year first, as in/, span: /^A stretch of time is two conditions: >= (?<said>\S+)/, age: /^An age stands after < /, hyphen: /^Write a period with a hyphen/, date: /^Write 2024-12-31, today/,
} as const;
const KINDS = { 'a text': 'text', 'a number': 'number', 'a date': 'date', 'an id': 'id', 'one of some words': 'words', 'a user': 'user', 'a status': 'status', 'an email template': 'template', 'yes or no': 'yesNo', 'a time of day': 'time' } as const;
const THINGS = ['lead', 'contact', 'email', 'task', 'opportunity', 'note', 'call', 'activity', 'address'] as const;

export type Sentence = keyof typeof SENTENCES;
type Found<K extends string> = { key: K; said: Record<string, string> };

/** Which sentence it is; null for one that is not known here. */
export const sentenceIn = (text: string): Found<Sentence> | null => firstOf(SENTENCES, text);

function firstOf<K extends string>(known: Record<K, RegExp>, text: string): Found<K> | null {
  for (const key of Object.keys(known) as K[]) {
    const groups = known[key].exec(text)?.groups;
    if (groups || known[key].test(text)) return { key, said: Object.fromEntries(Object.entries(groups ?? {}).filter((one): one is [string, string] => one[1] !== undefined)) };
  }
  return null;
}

/** What is wrong, without what was meant: that stands on a button beside it. */
export function mistakeText(text: string, t: TFunction): string {
  const bare = text.replace(/ Did you mean [^]+\?$/, '');
  const found = sentenceIn(bare);
  if (!found) return bare;
  const { said = found.said.said2 ?? '', thing = '', kind = '', hint = '', name = '', most = '', example = '' } = found.said;
  const isThing = (word: string): word is (typeof THINGS)[number] => (THINGS as readonly string[]).includes(word);
  const isKind = (word: string): word is keyof typeof KINDS => word in KINDS;
  const told = firstOf(HINTS, hint);
  const sentence = t(`mistakes.${found.key}`, { said, name, most, example, thing: isThing(thing) ? t(`mistakes.thing.${thing}`) : thing, kind: isKind(kind) ? t(`mistakes.kind.${KINDS[kind]}`) : kind });
  return [sentence, told ? t(`mistakes.hint.${told.key}`, { said: told.said.said ?? '' }) : hint].filter(Boolean).join(' ');
}
