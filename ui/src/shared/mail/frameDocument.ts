/** What the page does with the document inside an email's frame: measure it, take its keys, count what was held back. */

type Watch = { onHeight: (pixels: number) => void; onKeyDown: (event: KeyboardEvent) => void; onMailTo?: (href: string) => void };

/** Returns how to stop watching. */
export function prepareFrame(page: Document, { onHeight, onKeyDown, onMailTo }: Watch): () => void {
  const root = page.documentElement;
  let fittedTo = -1;
  const measure = () => {
    if (root.clientWidth !== fittedTo) { fittedTo = root.clientWidth; fitWidth(page); }
    onHeight(Math.ceil(root.getBoundingClientRect().height) + (root.scrollWidth > root.clientWidth ? SCROLLBAR : 0));
  };
  const again = () => { fittedTo = -1; measure(); };
  const onClick = (event: Event) => {
    const link = (event.target as Element | null)?.closest?.('a[href^="mailto:"]');
    if (link && onMailTo) { event.preventDefault(); onMailTo(link.getAttribute('href') ?? ''); }
  };
  const observer = new ResizeObserver(measure);
  observer.observe(root);
  // Pictures and unfolded quotes change the height without a resize of the outer element in some layouts.
  page.addEventListener('load', again, true);
  page.addEventListener('toggle', again, true);
  page.addEventListener('keydown', onKeyDown);
  page.addEventListener('click', onClick);
  measure();
  return () => {
    observer.disconnect();
    page.removeEventListener('load', again, true);
    page.removeEventListener('toggle', again, true);
    page.removeEventListener('keydown', onKeyDown);
    page.removeEventListener('click', onClick);
  };
}

const SMALLEST = 0.55; // below this a letter can no longer be read: such an email is scrolled sideways
const SCROLLBAR = 16; // pixels

/** Newsletters are 600 pixels wide whatever the place they are read in: drawn smaller, nothing of them is cut off. */
function fitWidth(page: Document): void {
  page.body.style.setProperty('zoom', '1');
  page.body.style.setProperty('zoom', String(fittingZoom(page.documentElement.scrollWidth, page.documentElement.clientWidth)));
}

export function fittingZoom(wide: number, room: number): number {
  return room <= 0 || wide <= room ? 1 : Math.max(SMALLEST, Math.floor((room / wide) * 1000) / 1000);
}

/** The server writes the number of remote pictures it held back onto the document's root element. */
export function blockedImages(page: Document): number {
  return Number(page.documentElement.dataset.blockedImages ?? 0);
}

/** A darkened mail is its own negative: pictures are turned once more, so that faces stay faces. */
export function brightenImages(page: Document): void {
  const style = page.createElement('style');
  style.textContent = 'img, video, picture, svg { filter: invert(1) hue-rotate(180deg); }';
  page.head.append(style);
}

const MOST_AFTER_QUOTE = 200; // characters: a signature or list footer may follow the quote, new words would be longer
const LONGEST_INTRODUCTION = 400;
const INTRODUCTION = /[:：]\s*$/;

/** The server marks where the quoted emails begin, whatever program wrote them; here they are folded. */
const QUOTE_MARK = '[title="postroom-quote"]';

/** Folds what is quoted at the end behind a sign that opens without a script. Forwarded or interleaved quotes stay open. */
export function foldQuote(page: Document, sign: string): void {
  const mark = page.querySelector(QUOTE_MARK);
  if (mark) { foldFrom(page, mark, sign); return; }
  const quote = [...page.body.querySelectorAll('blockquote')].find((each) => !each.parentElement?.closest('blockquote'));
  if (!quote || !page.body.textContent?.replace(quote.textContent ?? '', '').trim()) return;
  const after = nodesAfter(quote, page.body);
  const isFollowed = after.map((node) => node.textContent ?? '').join('').trim().length > MOST_AFTER_QUOTE;
  if (isFollowed || after.some((node) => isOrHoldsQuote(node))) return;
  const folded = fold(page, sign);
  quote.replaceWith(folded);
  folded.append(...introductionOf(folded), quote);
}

function fold(page: Document, sign: string): HTMLElement {
  const folded = page.createElement('details');
  const summary = page.createElement('summary');
  summary.textContent = '•••';
  summary.setAttribute('aria-label', sign);
  summary.style.cssText = 'width:fit-content;padding:0 8px;border-radius:8px;background:#eef0f3;color:#4a5260;list-style:none;cursor:pointer;font-size:11px';
  folded.append(summary);
  return folded;
}

/** Everything behind the mark, also what stands outside of the elements that the mark is in. */
function foldFrom(page: Document, mark: Element, sign: string): void {
  const quoted = nodesAfter(mark, page.body);
  if (!quoted.some((node) => node.textContent?.trim() || isOrHoldsImage(node))) return;
  const folded = fold(page, sign);
  mark.replaceWith(folded);
  folded.append(...introductionOf(folded), ...quoted);
}

const isOrHoldsImage = (node: Node) => node.nodeType === Node.ELEMENT_NODE && ((node as Element).matches('img') || (node as Element).querySelector('img') !== null);

const LOOKS_LIKE_ADDRESS = /^(?:https?:\/\/)?((?:[a-z0-9\u00a1-\uffff-]+\.)+[a-z\u00a1-\uffff]{2,})(?:[/:?#]\S*)?$/i;
const hostOf = (href: string) => { try { return new URL(href).hostname.toLowerCase(); } catch { return ''; } };
const isSameSite = (shown: string, real: string) => shown === real || real.endsWith(`.${shown}`) || shown.endsWith(`.${real}`);

/** Marks links whose words are one address while they lead to another: the oldest trick there is. */
export function flagLinks(page: Document, warning: (shown: string, real: string) => string): number {
  let found = 0;
  for (const link of page.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    const shown = LOOKS_LIKE_ADDRESS.exec(link.textContent?.trim() ?? '')?.[1]?.toLowerCase().replace(/^www\./, '');
    const real = hostOf(link.getAttribute('href') ?? '').replace(/^www\./, '');
    if (!shown || !real || isSameSite(shown, real)) continue;
    const sign = page.createElement('span');
    sign.textContent = ` ⚠ ${real}`;
    sign.title = warning(shown, real);
    sign.style.cssText = 'display:inline-block;margin-left:4px;padding:0 6px;border-radius:6px;background:#fdeeec;color:#b42318;font:600 11px/1.6 system-ui,sans-serif';
    link.title = sign.title;
    link.after(sign);
    found += 1;
  }
  return found;
}

/** In an email of ours that has not left, the place of the signature is told instead of shown as a code. */
export function nameSignature(page: Document, name: string): void {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (/^\s*\{\{?\s*(user\.)?signature\s*\}?\}\s*$/.test(text.data)) { text.data = name; if (text.parentElement) text.parentElement.style.color = '#5b6473'; }
  }
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
