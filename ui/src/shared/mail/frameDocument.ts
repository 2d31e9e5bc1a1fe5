/** What the page does with the document inside an email's frame: measure it, take its keys, count what was held back. */

type Watch = { onHeight: (pixels: number) => void; onKeyDown: (event: KeyboardEvent) => void };

/** Returns how to stop watching. */
export function prepareFrame(page: Document, { onHeight, onKeyDown }: Watch): () => void {
  const measure = () => onHeight(Math.ceil(Math.max(page.body.getBoundingClientRect().height, page.body.scrollHeight)));
  const observer = new ResizeObserver(measure);
  observer.observe(page.body);
  // Pictures and unfolded quotes change the height without a resize of the outer element in some layouts.
  page.addEventListener('load', measure, true);
  page.addEventListener('toggle', measure, true);
  page.addEventListener('keydown', onKeyDown);
  measure();
  return () => {
    observer.disconnect();
    page.removeEventListener('load', measure, true);
    page.removeEventListener('toggle', measure, true);
    page.removeEventListener('keydown', onKeyDown);
  };
}

/** The server writes the number of remote pictures it held back onto the document's root element. */
export function blockedImages(page: Document): number {
  return Number(page.documentElement.dataset.blockedImages ?? 0);
}

const MOST_AFTER_QUOTE = 200; // characters: a signature or list footer may follow the quote, new words would be longer
const INTRODUCTION = /[:：]\s*$/;

/** Folds what is quoted at the end behind a sign that opens without a script. Forwarded or interleaved quotes stay open. */
export function foldQuote(page: Document, sign: string): void {
  const quote = [...page.body.querySelectorAll('blockquote')].find((each) => !each.parentElement?.closest('blockquote'));
  if (!quote || !page.body.textContent?.replace(quote.textContent ?? '', '').trim()) return;
  const after = page.createRange();
  after.setStartAfter(quote);
  after.setEndAfter(page.body.lastChild!);
  if (after.toString().trim().length > MOST_AFTER_QUOTE || after.cloneContents().querySelector('blockquote')) return;
  const folded = page.createElement('details');
  const summary = page.createElement('summary');
  summary.textContent = '•••';
  summary.setAttribute('aria-label', sign);
  quote.replaceWith(folded);
  const introduction = folded.previousElementSibling;
  folded.append(summary, ...(introduction && INTRODUCTION.test(introduction.textContent ?? '') ? [introduction] : []), quote);
}
