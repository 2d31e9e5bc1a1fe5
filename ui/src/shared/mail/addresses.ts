/** Addresses as people type them and as the server prints them: `ann@x.example` or `"Ann" <ann@x.example>`. */
export type Address = { email: string; name: string };

const WITH_NAME = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*))\s*<\s*([^<>\s]+)\s*>\s*$/;
// Deliberately loose: the server decides; this only catches slips of the hand.
const PLAUSIBLE = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/;

export function parseAddress(text: string): Address {
  const match = WITH_NAME.exec(text);
  if (!match) return { email: text.trim(), name: '' };
  return { email: match[3]!, name: (match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? '').trim() };
}

export function printAddress({ email, name }: Address): string {
  if (!name || name === email) return email;
  return `"${name.replace(/(["\\])/g, '\\$1')}" <${email}>`;
}

export const isPlausible = (email: string) => PLAUSIBLE.test(email);
export const sameAddress = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
/** The name, else the part before the @ is not guessed into one: the address itself. */
export const shownName = (address: Address) => address.name || address.email;

/** Splits pasted lists; commas inside quotes or angle brackets do not count. Spaces separate bare addresses only. */
export function splitAddresses(text: string): Address[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,;\n])+/g) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean).flatMap((part) => {
    const words = part.split(/\s+/);
    return words.length > 1 && words.every((word) => isPlausible(word)) ? words.map(parseAddress) : [parseAddress(part)];
  });
}
