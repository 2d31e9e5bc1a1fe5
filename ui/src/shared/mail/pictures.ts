/** Pictures inside an email: `cid:` names on the server (RFC 2392), addresses that the page can show here. */
import type { Attachment } from '#/shared/api/types';

/** Without the host: the page may be reached under another name than the one that stands in links. */
export const placeOf = (url: string) => new URL(url, location.origin).pathname;

function replaced(html: string, change: (src: string) => string | null): string {
  if (!/<img\b/i.test(html)) return html;
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const image of page.body.querySelectorAll('img')) {
    const src = change(image.getAttribute('src') ?? '');
    if (src !== null) image.setAttribute('src', src);
  }
  return page.body.innerHTML;
}

/** As it is sent. */
export const withContentIds = (html: string, files: Attachment[]) => replaced(html, (src) => {
  const file = files.find((each) => each.content_id && placeOf(each.url) === src);
  return file ? `cid:${file.content_id}` : null;
});

/** As it is shown in the editor. */
export const withPlaces = (html: string, files: Attachment[]) => replaced(html, (src) => {
  const file = files.find((each) => each.content_id && src === `cid:${each.content_id}`);
  return file ? placeOf(file.url) : null;
});

/** The files that travel: pictures that were deleted from the text do not. */
export const usedFiles = (html: string, files: Attachment[]) => files.filter((file) => !file.inline_only || !file.content_id || html.includes(`cid:${file.content_id}`));
