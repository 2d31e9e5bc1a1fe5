import { expect, test } from 'vitest';
import { lastHeard, zoneIn } from './theirZone';

const heard = (id: string, sender: string, direction = 'incoming') => ({ id, sender, direction });

test('it is their own last email that tells, not ours and not a colleague’s', () => {
  const emails = [heard('4', 'me@us.example', 'outgoing'), heard('3', 'Bo <bo@x.example>'), heard('2', '"Ann" <Ann@x.example>'), heard('1', 'ann@x.example')];
  expect(lastHeard(emails, 'ann@x.example')?.id).toBe('2');
  expect(lastHeard(emails, 'cy@x.example')).toBeUndefined();
  expect(lastHeard([emails[0]!], undefined)).toBeUndefined();
});

test('the zone is that of the Date as it was written; a reconstruction never knew it', () => {
  const headers = [{ name: 'date', value: 'Wed, 18 Nov 2026 21:19:38 -0500' }];
  expect(zoneIn({ source: 'mailbox', headers })).toBe(-300);
  expect(zoneIn({ source: 'rebuilt', headers })).toBeUndefined();
  expect(zoneIn({ source: 'mailbox', headers: [] })).toBeUndefined();
});
