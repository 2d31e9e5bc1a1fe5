import { expect, test } from 'vitest';
import { duration } from './duration';

test.each([[0, '1 second'], [45, '45 seconds'], [95, '2 minutes'], [3600, '60 minutes'], [9000, '3 hours']])('%i seconds are about %s', (seconds, text) => {
  expect(duration(seconds, 'en')).toBe(text);
});
test('in German', () => expect(duration(120, 'de')).toBe('2 Minuten'));
