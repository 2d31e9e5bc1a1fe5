import { expect, test } from 'vitest';
import { isCalendar, readInvitation } from './invitation';

const file = (...lines: string[]) => ['BEGIN:VCALENDAR', ...lines.slice(0, 1), 'BEGIN:VTIMEZONE', 'BEGIN:STANDARD', 'DTSTART:16010101T000000', 'END:STANDARD', 'END:VTIMEZONE', 'BEGIN:VEVENT', ...lines.slice(1), 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

test('an invitation says what, when, where and from whom', () => {
  expect(readInvitation(file('METHOD:REQUEST', 'DTSTART;TZID=Europe/Berlin:20261201T100000', 'DTEND:20261201T100000Z', 'SUMMARY:Kick-off\\, part', '  one', 'LOCATION:Room 4\\, Harbour', 'ORGANIZER;CN="Wild: Wilma":mailto:w@x.example', 'RRULE:FREQ=WEEKLY'))).toEqual({
    method: 'request', summary: 'Kick-off, part one', location: 'Room 4, Harbour', organizer: 'Wild: Wilma', start: { at: new Date('2026-12-01T09:00:00Z') }, end: { at: new Date('2026-12-01T10:00:00Z') }, repeats: true, answer: null,
  });
});

test('a whole day, and a zone that only Outlook knows, stand as they were written', () => {
  expect(readInvitation(file('METHOD:PUBLISH', 'DTSTART;VALUE=DATE:20261224'))).toMatchObject({ method: 'other', start: { day: '2026-12-24' }, end: null });
  expect(readInvitation(file('METHOD:REQUEST', 'DTSTART;TZID="W. Europe Standard Time":20261201T100000'))?.start).toEqual({ wall: '2026-12-01 10:00', zone: 'W. Europe Standard Time' });
});

test('a cancelled meeting and an answer are told apart', () => {
  expect(readInvitation(file('METHOD:CANCEL', 'SUMMARY:x'))?.method).toBe('cancel');
  expect(readInvitation(file('METHOD:REPLY', 'ATTENDEE;PARTSTAT=DECLINED:mailto:a@x.example'))).toMatchObject({ method: 'reply', answer: { who: 'a@x.example', is: 'declined' } });
});

test('what is no calendar gives nothing', () => {
  expect(readInvitation('hello')).toBeNull();
  expect(isCalendar({ content_type: 'application/octet-stream', filename: 'invite.ICS', size: 10 })).toBe(true);
  expect(isCalendar({ content_type: 'text/calendar', filename: '', size: 9_000_000 })).toBe(false);
});
