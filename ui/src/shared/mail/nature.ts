/** What an email is when its words cannot simply be shown, and what its nameless files are called. */
import type { Attachment } from '#/shared/api/types';

type File = Pick<Attachment, 'content_type' | 'filename'>;
export type Nature = 'smime' | 'pgp' | 'winmail';

export function natureOf(files: readonly File[], preview: string | null): Nature | null {
  if (files.some((file) => /^application\/(x-)?pkcs7-mime/i.test(file.content_type))) return 'smime';
  if (files.some((file) => /^application\/pgp-encrypted/i.test(file.content_type)) || /^\W*BEGIN PGP MESSAGE\b/.test(preview ?? '')) return 'pgp';
  return files.some((file) => /ms-tnef/i.test(file.content_type) || /^winmail\.dat$/i.test(file.filename)) ? 'winmail' : null;
}

const NAMES: [RegExp, string][] = [
  [/calendar|\/ics/i, 'invitation.ics'], [/^message\/rfc822/i, 'email.eml'], [/pgp-signature/i, 'signature.asc'], [/pgp/i, 'pgp.txt'], [/pdf/i, 'document.pdf'],
  [/^image\/jpe?g/i, 'picture.jpg'], [/^image\/png/i, 'picture.png'], [/^image\/gif/i, 'picture.gif'], [/^text\/html/i, 'text.html'], [/^text\//i, 'text.txt'],
];
/** Senders may leave the name away; a file that is saved needs one, with the ending that opens it. */
export const nameOf = ({ filename, content_type: type }: File): string => filename || (NAMES.find(([pattern]) => pattern.test(type))?.[1] ?? 'file');
