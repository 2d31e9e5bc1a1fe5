/**
 * Variables in HTML: plain tokens on the server, chips in the editor. `{{ contact.first_name | default: "there" }}` and
 * `{contact.first_name}` come back letter by letter; a brace that means no variable stays text.
 */
export const CHIP = 'data-variable';

/** The words that begin a variable; kept like the server's. */
const ROOTS = 'contact|lead|user|organization|company|account|sender|opportunity|deal|signature|customer|client|person|recipient|prospect|candidate|owner|me|my|org';
const TOKEN = new RegExp(`\\{\\{[^{}]{1,500}\\}\\}|\\{\\s*(?:${ROOTS})(?:\\.[\\w*.\\- ]{1,200})?\\s*(?:\\|[^{}]{1,200})?\\}`, 'gi');

export const isSignature = (token: string) => /^\{\{?\s*(?:user\.)?signature\s*\}?\}$/i.test(token);
export const pathOf = (token: string) => token.replace(/^\{+|\}+$/g, '').split('|')[0]!.trim();
export const tokensIn = (text: string): string[] => [...new Set(text.match(TOKEN) ?? [])];

/** Text with each variable as a word, for lists: "Hi ‹contact first name›". */
export const withWords = (text: string) => text.replace(TOKEN, (token) => `‹${words(pathOf(token))}›`);
export const words = (path: string) => path.split('.').slice(-2).join(' ').replaceAll('_', ' ');

/** The tokens of an HTML text, as a person reads them: editors write a quote as `&quot;`, a blank as `&nbsp;`. */
export function tokensInHtml(html: string): string[] {
  return tokensIn(new DOMParser().parseFromString(html, 'text/html').body.textContent?.replaceAll('\u00a0', ' ') ?? '');
}

/** HTML with each token in an element of its own, for the editor to read as a chip. */
export function withChips(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const found = [...text.data.matchAll(TOKEN)];
    if (!found.length) continue;
    const pieces: Node[] = [];
    let from = 0;
    for (const match of found) {
      if (match.index > from) pieces.push(page.createTextNode(text.data.slice(from, match.index)));
      const chip = page.createElement('span');
      chip.setAttribute(CHIP, match[0].replaceAll('\u00a0', ' '));
      pieces.push(chip);
      from = match.index + match[0].length;
    }
    if (from < text.data.length) pieces.push(page.createTextNode(text.data.slice(from)));
    text.replaceWith(...pieces);
  }
  return page.body.innerHTML;
}

/** The reverse: what is saved and sent holds plain tokens only. */
export function withTokens(html: string): string {
  if (!html.includes(CHIP)) return html;
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const chip of page.body.querySelectorAll(`[${CHIP}]`)) chip.replaceWith(chip.getAttribute(CHIP) ?? '');
  page.body.normalize();
  return page.body.innerHTML;
}

/** HTML that the simple editor would change: tables, own styles, elements it does not know. */
export function needsSource(html: string): boolean {
  return /<(table|style|center|font|section|header|footer|form)\b|\sstyle\s*=|\sclass\s*=\s*["'](?!postroom)|\{%/i.test(html);
}
