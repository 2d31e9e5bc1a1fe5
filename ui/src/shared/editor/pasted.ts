/**
 * What is pasted keeps its bold, italics, lists and links, and nothing of its looks. The style attributes go before the
 * text is parsed: the page's security policy refuses inline styles and reports each of them, even of a text that is
 * only being read. What they say of bold and italics is kept as elements: Google Docs writes it nowhere else.
 */
const HELD = 'data-pasted-style';
const SAYS: [RegExp, string][] = [[/font-weight:\s*(bold|[6-9]00)/i, 'strong'], [/font-style:\s*italic/i, 'em'], [/text-decoration[^;]*underline/i, 'u']];

export function plainlyStyled(html: string): string {
  const held = html.replace(/<style[\s\S]*?<\/style>/gi, '').replace(/(<[^>]*?)\sstyle\s*=/gi, `$1 ${HELD}=`);
  const page = new DOMParser().parseFromString(held, 'text/html');
  for (const element of page.querySelectorAll(`[${HELD}]`)) {
    const style = element.getAttribute(HELD) ?? '';
    element.removeAttribute(HELD);
    // Google Docs wraps everything it copies in <b style="font-weight:normal">.
    if (element.matches('b, strong') && /font-weight:\s*(normal|[1-4]00)/i.test(style)) { element.replaceWith(...element.childNodes); continue; }
    if (!element.matches('span, font')) continue;
    for (const [pattern, name] of SAYS) {
      if (!pattern.test(style)) continue;
      const wrapped = page.createElement(name);
      wrapped.append(...element.childNodes);
      element.append(wrapped);
    }
  }
  return page.body.innerHTML;
}
