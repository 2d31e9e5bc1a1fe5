import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc';
import { expect, test } from 'vitest';
import { momentOf } from './naturalTime';
import { wallOf } from './zone';

dayjs.extend(utc);

const NOW = dayjs.utc('2026-11-18T15:20'); // a Wednesday

test.each([
  ['tomorrow', '2026-11-19 08:00'], ['tomorrow 9am', '2026-11-19 09:00'], ['tomorrow at 2:30 pm', '2026-11-19 14:30'], ['tomorrow evening', '2026-11-19 18:00'],
  ['in 3 days', '2026-11-21 08:00'], ['in 2 hours', '2026-11-18 17:20'], ['45min', '2026-11-18 16:05'], ['a week', '2026-11-25 08:00'], ['in two weeks 10:15', '2026-12-02 10:15'],
  ['friday', '2026-11-20 08:00'], ['next friday', '2026-11-20 08:00'], ['wed', '2026-11-25 08:00'], ['wednesday 17:00', '2026-11-18 17:00'], ['next week', '2026-11-23 08:00'], ['next month', '2026-12-01 08:00'], ['weekend', '2026-11-21 08:00'],
  ['24 dec', '2026-12-24 08:00'], ['Dec 24, 2027 noon', '2027-12-24 12:00'], ['3 jan', '2027-01-03 08:00'], ['2026-12-01', '2026-12-01 08:00'],
  ['tonight', '2026-11-18 19:00'], ['6pm', '2026-11-18 18:00'], ['9am', '2026-11-19 09:00'], ['12am', '2026-11-19 00:00'],
  ['morgen 9 Uhr', '2026-11-19 09:00'], ['übermorgen', '2026-11-20 08:00'], ['in 3 Tagen', '2026-11-21 08:00'], ['nächsten Montag', '2026-11-23 08:00'], ['Freitag 14:30', '2026-11-20 14:30'], ['24.12.', '2026-12-24 08:00'], ['24. Dez 18 Uhr', '2026-12-24 18:00'], ['heute abend', '2026-11-18 18:00'], ['morgen nachmittag', '2026-11-19 14:00'],
])('"%s" is %s', (text, expected) => {
  const at = momentOf(text, NOW);
  expect(at && wallOf(at).format('YYYY-MM-DD HH:mm')).toBe(expected);
});

test.each(['', 'soon', 'today 9am', 'yesterday', '31 feb', '25:00', 'in', 'next', 'tomorrow tomorrow', '2020-01-01', 'in 3'])('"%s" means no moment to come', (text) => {
  expect(momentOf(text, NOW)).toBeNull();
});
