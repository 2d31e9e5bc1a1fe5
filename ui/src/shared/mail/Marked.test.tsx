import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Marked } from './Marked';

test('what was found stands near the beginning, after a few words', () => {
  const { container } = render(<Marked text={'Hello Anna, As discussed on the phone, here is a first sketch of the \u0002offer\u0003 for two arms.'} />);
  expect(container.textContent).toBe('… a first sketch of the offer for two arms.');
  expect(container.querySelector('mark')?.textContent).toBe('offer');
});

test('a short beginning, and a text without a find, stay whole', () => {
  expect(render(<Marked text={'The \u0002offer\u0003'} />).container.textContent).toBe('The offer');
  expect(render(<Marked text={'Hello Anna, As discussed on the phone, here it is.'} />).container.textContent).toBe('Hello Anna, As discussed on the phone, here it is.');
});
