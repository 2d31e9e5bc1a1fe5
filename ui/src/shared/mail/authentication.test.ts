import { expect, test } from 'vitest';
import { checksIn } from './authentication';

const of = (...values: string[]) => checksIn(values.map((value) => ({ name: 'Authentication-Results', value })));

test('the checks of the nearest server are told apart, comments left out', () => {
  expect(of('mx.example.org; spf=pass (sender; ok) smtp.mailfrom=a.example; dkim=fail header.d=a.example; dmarc=none')).toEqual([
    { method: 'SPF', result: 'pass' }, { method: 'DKIM', result: 'fail' }, { method: 'DMARC', result: 'none' },
  ]);
});

test('what came with the email below is not believed', () => {
  expect(of('mx.example.org; spf=fail', 'evil.example; spf=pass; dmarc=pass')).toEqual([{ method: 'SPF', result: 'fail' }]);
});

test('one signature that holds is enough, in whatever order', () => {
  expect(of('mx; dkim=pass header.d=a.example; dkim=fail header.d=list.example')).toEqual([{ method: 'DKIM', result: 'pass' }]);
  expect(of('mx; dkim=fail; DKIM/1=Pass')).toEqual([{ method: 'DKIM', result: 'pass' }]);
});

test('nothing said is nothing shown', () => {
  expect(of('mx.example.org; none')).toEqual([]);
  expect(checksIn([{ name: 'Subject', value: 'spf=pass' }])).toEqual([]);
});
