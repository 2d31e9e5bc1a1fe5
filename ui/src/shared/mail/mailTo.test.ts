import { expect, test } from 'vitest';
import { writingTo } from './mailTo';

test('a mailto link says to whom, about what, and how it begins', () => {
  expect(writingTo('mailto:ann+shop@x.example,bo@x.example?cc=cy%40x.example&subject=Price%20of%20a%26b&body=Hello%0D%0A%3Cb%3E')).toMatchObject({
    to: [{ email: 'ann+shop@x.example' }, { email: 'bo@x.example' }], cc: [{ email: 'cy@x.example' }], subject: 'Price of a&b', html: '<p>Hello</p><p>&lt;b&gt;</p>',
  });
});

test('a broken mailto link opens an empty email', () => {
  expect(writingTo('mailto:%zz')).toMatchObject({ to: [{ email: '%zz' }], subject: '' });
  expect(writingTo('mailto:')).toMatchObject({ to: [], html: '' });
});
