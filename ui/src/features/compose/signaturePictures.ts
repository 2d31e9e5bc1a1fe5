/** A signature's pictures come as data; in an email that is edited they become parts of it like any pasted picture. */
const DATA = /^data:(image\/[a-z]+);base64,(.+)$/s;

export async function withoutData(html: string, addPicture: (file: File) => Promise<string | null>): Promise<string> {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const image of page.body.querySelectorAll('img')) {
    const [, type, data] = DATA.exec(image.getAttribute('src') ?? '') ?? [];
    if (!type || !data) continue;
    const src = await addPicture(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], `signature.${type.slice(6)}`, { type }));
    if (src) image.setAttribute('src', src); else image.remove();
  }
  return page.body.innerHTML;
}
