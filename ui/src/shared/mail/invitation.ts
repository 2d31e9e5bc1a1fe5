/** What a calendar file says (RFC 5545), as far as somebody needs it to answer: what, when, where, and from whom. */
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc';
import { momentOnWall, zoneNow } from '#/shared/time/zone';
import type { Attachment } from '#/shared/api/types';

dayjs.extend(utc);

/** A moment; or a day alone, or a time of a zone that nobody here knows, which then stands as it was written. */
export type EventTime = { at: Date } | { day: string } | { wall: string; zone: string };
export type Invitation = {
  method: 'request' | 'cancel' | 'reply' | 'other'; summary: string; location: string; organizer: string; start: EventTime | null; end: EventTime | null; repeats: boolean;
  /** Of an answer: who gave it, and which. */
  answer: { who: string; is: string } | null;
};

const LARGEST = 500_000; // bytes; a longer file is somebody's whole calendar
export const isCalendar = ({ content_type: type, filename, size }: Pick<Attachment, 'content_type' | 'filename' | 'size'>) =>
  size <= LARGEST && (/^(text\/calendar|application\/ics)/i.test(type) || /\.ics$/i.test(filename));

type Line = { name: string; parameters: Record<string, string>; value: string };

export function readInvitation(file: string): Invitation | null {
  const lines = file.replace(/\r?\n[ \t]/g, '').split(/\r?\n/).map(lineOf).filter((line) => line !== null);
  const from = lines.findIndex((line) => line.name === 'BEGIN' && line.value.toUpperCase() === 'VEVENT');
  const to = lines.findIndex((line, index) => index > from && line.name === 'END' && line.value.toUpperCase() === 'VEVENT');
  if (from < 0 || to < 0) return null;
  const event = lines.slice(from, to);
  const one = (name: string) => event.find((line) => line.name === name);
  const words = (name: string) => unescaped(one(name)?.value ?? '').trim();
  const method = lines.find((line) => line.name === 'METHOD')?.value.toLowerCase();
  const isOff = one('STATUS')?.value.toUpperCase() === 'CANCELLED';
  const attendee = one('ATTENDEE');
  return {
    method: isOff || method === 'cancel' ? 'cancel' : method === 'request' || method === 'reply' ? method : 'other',
    summary: words('SUMMARY'), location: words('LOCATION'), organizer: personOf(one('ORGANIZER')), start: timeOf(one('DTSTART')), end: timeOf(one('DTEND')), repeats: one('RRULE') !== undefined,
    answer: method === 'reply' && attendee ? { who: personOf(attendee), is: (attendee.parameters.PARTSTAT ?? '').toLowerCase() } : null,
  };
}

function lineOf(text: string): Line | null {
  const [, head, value] = /^((?:[^":]|"[^"]*")+):(.*)$/.exec(text) ?? [];
  if (head === undefined || value === undefined) return null;
  const [name = '', ...rest] = head.match(/(?:[^";]|"[^"]*")+/g) ?? [];
  const parameters = Object.fromEntries(rest.map((each) => { const [key = '', ...of] = each.split('='); return [key.toUpperCase(), of.join('=').replace(/^"|"$/g, '')]; }));
  return { name: name.toUpperCase(), parameters, value };
}

const unescaped = (value: string) => value.replace(/\\([nN;,\\])/g, (_whole, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign));
const personOf = (line: Line | undefined) => (line ? line.parameters.CN || line.value.replace(/^mailto:/i, '') : '');

function timeOf(line: Line | undefined): EventTime | null {
  const [, year, month, day, hour, minute, isUtc] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z?))?$/.exec(line?.value.trim() ?? '') ?? [];
  if (!line || !year) return null;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return { day: date };
  const wall = dayjs.utc(`${date}T${hour}:${minute}:00Z`);
  if (isUtc) return { at: wall.toDate() };
  const zone = line.parameters.TZID || zoneNow();
  try { return { at: momentOnWall(wall, zone) }; } catch { return { wall: `${date} ${hour}:${minute}`, zone }; } // Outlook's own names for zones
}
