import { expect, test } from 'vitest';
import { fill } from './SafeFrame';

test('what is shown keeps its styles, and nothing in it can run', () => {
  const page = document.implementation.createHTMLDocument();
  fill(page, '<p style="color: red" onclick="alert(1)">Hello <b>you</b></p><script>alert(1)</script><img src="data:image/png;base64,AA==" onerror="alert(1)">');
  expect(page.body.querySelector('p')?.style.color).toBe('red');
  expect(page.body.querySelector('script, [onclick], [onerror]')).toBeNull();
  expect(page.body.textContent).toBe('Hello you');
});
