import { useEffect, useRef, useState } from 'react';
import { onKeyDown } from '#/shared/commands/dispatch';
import { prepareFrame } from '#/shared/mail/frameDocument';
import classes from './editor.module.css';

const EMPTY = '<!doctype html><html><head></head><body></body></html>';

/**
 * HTML of our own making as it will look: in a frame without scripts. Its styles are set through the CSSOM, which the
 * page's security policy allows; written as attributes they would be refused.
 */
export function SafeFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [isThere, setIsThere] = useState(false);
  const [height, setHeight] = useState(60);
  useEffect(() => {
    const page = frame.current?.contentDocument;
    if (!isThere || !page?.body) return;
    fill(page, html);
    return prepareFrame(page, { onHeight: setHeight, onKeyDown });
  }, [html, isThere]);
  return <iframe ref={frame} className={classes.frame} style={{ height }} title={title} sandbox="allow-same-origin" referrerPolicy="no-referrer" srcDoc={EMPTY} onLoad={() => setIsThere(true)} />;
}

/** Exported for its test. */
export function fill(page: Document, html: string): void {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  parsed.querySelectorAll('script, style, link, meta, base, iframe, object, embed').forEach((element) => element.remove());
  const styled: [number, string][] = [];
  const all = [...parsed.body.querySelectorAll<HTMLElement>('*')];
  all.forEach((element, index) => {
    for (const name of element.getAttributeNames()) if (name.startsWith('on')) element.removeAttribute(name);
    const style = element.getAttribute('style');
    if (style) { element.removeAttribute('style'); styled.push([index, style]); }
  });
  page.body.replaceChildren(...[...parsed.body.childNodes].map((node) => page.importNode(node, true)));
  const shown = page.body.querySelectorAll<HTMLElement>('*');
  for (const [index, style] of styled) shown[index]!.style.cssText = style;
  page.body.style.cssText = "margin:0;font:14px/1.55 -apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1a1a1a;overflow-wrap:anywhere";
  for (const image of page.body.querySelectorAll('img')) image.style.maxWidth = '100%';
}
