/** Moments as people write them, in English and German: "tomorrow 9am", "in 3 days", "next friday", "24 dec", "morgen 9 Uhr". */
import type { Dayjs } from 'dayjs';
import { momentOnWall, wallNow } from './zone';

const MORNING_HOUR = 8;
const PARTS: Record<string, number> = { morning: 8, noon: 12, midday: 12, afternoon: 14, evening: 18, tonight: 19, night: 20, früh: 8, vormittag: 10, mittag: 12, nachmittag: 14, abend: 18, nacht: 20 };
const DAYS = [['sunday', 'sun', 'sonntag', 'so'], ['monday', 'mon', 'montag', 'mo'], ['tuesday', 'tue', 'tues', 'dienstag', 'di'], ['wednesday', 'wed', 'mittwoch', 'mi'], ['thursday', 'thu', 'thur', 'thurs', 'donnerstag', 'do'], ['friday', 'fri', 'freitag', 'fr'], ['saturday', 'sat', 'samstag', 'sonnabend', 'sa']];
const MONTHS = [['jan', 'januar', 'january'], ['feb', 'februar', 'february'], ['mar', 'march', 'märz', 'mär', 'mrz'], ['apr', 'april'], ['may', 'mai'], ['jun', 'june', 'juni'], ['jul', 'july', 'juli'], ['aug', 'august'], ['sep', 'sept', 'september'], ['oct', 'okt', 'october', 'oktober'], ['nov', 'november'], ['dec', 'dez', 'december', 'dezember']];
const UNITS: [RegExp, 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'][] = [
  [/^(m|min|mins|minutes?|minuten?)$/, 'minute'], [/^(h|hrs?|hours?|std|stunden?)$/, 'hour'], [/^(d|days?|tage?n?)$/, 'day'], [/^(w|weeks?|wochen?)$/, 'week'], [/^(months?|monate?n?)$/, 'month'], [/^(years?|jahre?n?)$/, 'year'],
];
const NUMBERS: Record<string, number> = { a: 1, an: 1, one: 1, ein: 1, eine: 1, einem: 1, einer: 1, einen: 1, two: 2, zwei: 2, three: 3, drei: 3, four: 4, vier: 4, five: 5, fünf: 5, six: 6, sechs: 6, seven: 7, sieben: 7, ten: 10, zehn: 10 };

const indexIn = (lists: string[][], word: string) => lists.findIndex((list) => list.includes(word));
const numberOf = (word: string) => NUMBERS[word] ?? (/^\d{1,3}$/.test(word) ? Number(word) : undefined);
const unitOf = (word: string) => UNITS.find(([pattern]) => pattern.test(word))?.[1];

/** The moment that is meant, always in the future, seen from the clock on the reader's wall; null where the words mean none. */
export function momentOf(text: string, now: Dayjs = wallNow()): Date | null {
  const { rest, time } = takeTime(text.toLowerCase().replace(/[,;]/g, ' ').replace(/\s+/g, ' ').trim());
  const words = rest.split(' ').filter((word) => word && !['at', 'on', 'um', 'am', 'the', 'den', 'der', 'this', 'diesen', 'diese', 'and'].includes(word));
  const day = dayOf(words, now);
  if (!day || (!words.length && !time)) return null;
  if (day.isExact && !time) return momentOnWall(day.at);
  let at = setTime(day.at, time ?? { hour: MORNING_HOUR, minute: 0 });
  if (!at.isAfter(now)) {
    if (!words.length) at = at.add(1, 'day'); // "9am" after nine is tomorrow's
    else if (day.every) at = at.add(day.every === 'week' ? 7 : 1, day.every === 'week' ? 'day' : 'year');
  }
  return at.isAfter(now) ? momentOnWall(at) : null;
}

type Time = { hour: number; minute: number };
const setTime = (day: Dayjs, { hour, minute }: Time) => day.hour(hour).minute(minute).second(0).millisecond(0);

/** Takes "9am", "14:30", "9 uhr", "in the evening" out of the words. */
function takeTime(text: string): { rest: string; time: Time | null } {
  const clock = /(?:^|\s)(?:at |um )?(\d{1,2})(?::(\d{2}))?\s*(am|pm|uhr)(?=\s|$)/.exec(text) ?? /(?:^|\s)(?:at |um )?(\d{1,2}):(\d{2})()(?=\s|$)/.exec(text);
  if (clock) {
    const [whole, hours, minutes, half] = clock;
    const hour = half === 'pm' && Number(hours) < 12 ? Number(hours) + 12 : half === 'am' && Number(hours) === 12 ? 0 : Number(hours);
    if (hour > 23 || Number(minutes ?? 0) > 59) return { rest: text, time: null };
    return { rest: text.replace(whole, ' ').trim(), time: { hour, minute: Number(minutes ?? 0) } };
  }
  const part = /(?:^|\s)(?:in the |this |am )?(morning|noon|midday|afternoon|evening|tonight|night|früh|vormittag|mittag|nachmittag|abend|nacht)s?(?=\s|$)/.exec(text);
  if (!part) return { rest: text, time: null };
  const rest = text.replace(part[0], part[1] === 'tonight' ? ' today ' : ' ').trim();
  return { rest, time: { hour: PARTS[part[1]!]!, minute: 0 } };
}

type Day = { at: Dayjs; isExact?: true; every?: 'week' | 'year' };

function dayOf(words: string[], now: Dayjs): Day | null {
  const phrase = words.join(' ');
  if (!words.length || ['today', 'heute'].includes(phrase)) return { at: now };
  if (['tomorrow', 'tmr', 'morgen'].includes(phrase)) return { at: now.add(1, 'day') };
  if (['day after tomorrow', 'übermorgen'].includes(phrase)) return { at: now.add(2, 'day') };
  if (['later', 'later today', 'später'].includes(phrase)) return { at: now.add(3, 'hour').startOf('hour'), isExact: true };
  if (['weekend', 'wochenende'].includes(phrase)) return { at: nextDay(now, 6) };
  return spanOf(words, now) ?? nextOf(words, now) ?? weekday(words, now) ?? dateOf(phrase, now);
}

/** "in 3 days", "2 weeks": hours and minutes are exact, days mean their morning. */
function spanOf(words: string[], now: Dayjs): Day | null {
  const [first, second, ...more] = words[0] === 'in' ? words.slice(1) : words;
  const [, digits, letters] = /^(\d{1,3})([a-z]+)$/.exec(first ?? '') ?? [];
  const number = digits ? Number(digits) : numberOf(first ?? '');
  const unit = unitOf(letters ?? second ?? '');
  if (number === undefined || !unit || more.length || (letters && second)) return null;
  const at = now.add(number, unit);
  return unit === 'minute' || unit === 'hour' ? { at: at.second(0).millisecond(0), isExact: true } : { at };
}

/** "next week" is its Monday; "next friday" the one after today. */
function nextOf([first, second, ...more]: string[], now: Dayjs): Day | null {
  if (!/^(next|nächste[nrs]?|kommende[nrs]?)$/.test(first ?? '') || !second || more.length) return null;
  const unit = unitOf(second);
  if (unit === 'week') return { at: nextDay(now, 1) };
  if (unit === 'month' || unit === 'year') return { at: now.add(1, unit).startOf(unit) };
  const day = indexIn(DAYS, second);
  return day < 0 ? null : { at: nextDay(now, day) };
}

function weekday([word, ...more]: string[], now: Dayjs): Day | null {
  const day = indexIn(DAYS, (word ?? '').replace(/\.$/, ''));
  if (day < 0 || more.length) return null;
  return { at: now.day() === day ? now : nextDay(now, day), every: 'week' };
}

const nextDay = (now: Dayjs, day: number) => now.add((day - now.day() + 7) % 7 || 7, 'day');

/** "24 dec", "dec 24 2027", "24.12.", "2026-12-24". */
function dateOf(phrase: string, now: Dayjs): Day | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(phrase);
  if (iso) return dated(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]), now);
  const dotted = /^(\d{1,2})\.\s?(\d{1,2})\.?(?:\s?(\d{4}))?$/.exec(phrase);
  if (dotted) return dated(dotted[3] ? Number(dotted[3]) : null, Number(dotted[2]) - 1, Number(dotted[1]), now);
  const named = /^(\d{1,2})(?:\.|st|nd|rd|th)? ([a-zä]+)\.?(?: (\d{4}))?$/.exec(phrase) ?? reversed(/^([a-zä]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(phrase));
  const month = named ? indexIn(MONTHS, named[2]!) : -1;
  return named && month >= 0 ? dated(named[3] ? Number(named[3]) : null, month, Number(named[1]), now) : null;
}
const reversed = (match: RegExpExecArray | null) => match && [match[0], match[2], match[1], match[3]];

function dated(year: number | null, month: number, day: number, now: Dayjs): Day | null {
  const at = now.year(year ?? now.year()).month(month).date(1).date(day);
  if (month < 0 || month > 11 || at.month() !== month || at.date() !== day) return null;
  return year === null ? { at, every: 'year' } : { at };
}
