import i18next from 'i18next';
import { useState } from 'react';
import type { Attachment } from '#/shared/api/types';
import { notifyError, notifyProblem } from '#/shared/parts/notify';
import { bytes } from '#/shared/time/format';
import { placeOf } from './pictures';
import { uploadFile } from './uploadFile';

const LARGEST = 50_000_000; // what the server takes for all files of an email together

export type Uploading = { key: string; name: string; size: number; share: number };

/** Files on their way to the server; each becomes an attachment when it is there. */
export function useAttachments(onAttached: (file: Attachment) => void) {
  const [uploading, setUploading] = useState<Uploading[]>([]);
  const upload = async (file: File): Promise<Attachment | null> => {
    if (file.size > LARGEST) {
      notifyProblem(i18next.t('compose.fileTooLarge', { name: file.name, size: bytes(file.size), limit: bytes(LARGEST) }));
      return null;
    }
    const key = crypto.randomUUID();
    setUploading((old) => [...old, { key, name: file.name, size: file.size, share: 0 }]);
    try {
      return await uploadFile(file, (share) => setUploading((old) => old.map((each) => (each.key === key ? { ...each, share } : each))));
    } catch (error) {
      notifyError(error, file.name);
      return null;
    } finally {
      setUploading((old) => old.filter((each) => each.key !== key));
    }
  };
  const add = (files: Iterable<File>) => {
    for (const file of files) void upload(file).then((attached) => { if (attached) onAttached(attached); });
  };
  /** A picture inside the text: a part of the email with a name of its own. Returns where the page can show it from. */
  const addPicture = async (file: File): Promise<string | null> => {
    const attached = await upload(file);
    if (!attached) return null;
    onAttached({ ...attached, content_id: `${crypto.randomUUID()}@postroom`, inline_only: true });
    return placeOf(attached.url);
  };
  return { uploading, add, addPicture };
}
