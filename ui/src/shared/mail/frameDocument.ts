/** What the page does with the document inside an email's frame: measure it, take its keys, count what was held back. */

type Watch = { onHeight: (pixels: number) => void; onKeyDown: (event: KeyboardEvent) => void };

/** Returns how to stop watching. */
export function prepareFrame(page: Document, { onHeight, onKeyDown }: Watch): () => void {
  const measure = () => onHeight(Math.ceil(page.documentElement.getBoundingClientRect().height));
  const observer = new ResizeObserver(measure);
  observer.observe(page.documentElement);
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
const LONGEST_INTRODUCTION = 400;
const INTRODUCTION = /[:：]\s*$/;

/** Folds what is quoted at the end behind a sign that opens without a script. Forwarded or interleaved quotes stay open. */
export function foldQuote(page: Document, sign: string): void {
  const quote = [...page.body.querySelectorAll('blockquote')].find((each) => !each.parentElement?.closest('blockquote'));
  if (!quote || !page.body.textContent?.replace(quote.textContent ?? '', '').trim()) return;
  const after = nodesAfter(quote, page.body);
  const isFollowed = after.map((node) => node.textContent ?? '').join('').trim().length > MOST_AFTER_QUOTE;
  if (isFollowed || after.some((node) => isOrHoldsQuote(node))) return;
  const folded = page.createElement('details');
  const summary = page.createElement('summary');
  summary.textContent = '•••';
  summary.setAttribute('aria-label', sign);
  quote.replaceWith(folded);
  summary.style.cssText = 'width:fit-content;padding:0 8px;border-radius:8px;background:#eef0f3;color:#4a5260;list-style:none;cursor:pointer;font-size:11px';
  folded.append(summary, ...introductionOf(folded), quote);
}

/** The line that leads to the quote, as an element or as bare text after the last line break. */
function introductionOf(quote: Node): Node[] {
  const found: Node[] = [];
  for (let before = quote.previousSibling; before && found.length < 6; before = before.previousSibling) {
    const text = before.textContent ?? '';
    if (text.length > LONGEST_INTRODUCTION) return [];
    found.unshift(before);
    if (text.trim()) return INTRODUCTION.test(text) ? found : [];
  }
  return [];
}

function nodesAfter(start: Node, end: Node): Node[] {
  const found: Node[] = [];
  for (let node: Node | null = start; node && node !== end; node = node.parentNode) {
    for (let next = node.nextSibling; next; next = next.nextSibling) found.push(next);
  }
  return found;
}

// By node type: elements of the frame's document are no instances of this window's Element.
const isOrHoldsQuote = (node: Node) => node.nodeType === Node.ELEMENT_NODE && ((node as Element).matches('blockquote') || (node as Element).querySelector('blockquote') !== null);
