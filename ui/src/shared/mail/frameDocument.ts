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
