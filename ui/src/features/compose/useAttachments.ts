import { useState } from 'react';
import type { Attachment } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { uploadFile } from './uploadFile';

export type Uploading = { key: string; name: string; size: number; share: number };

/** Files on their way to the server; each becomes an attachment when it is there. */
export function useAttachments(onAttached: (file: Attachment) => void) {
  const [uploading, setUploading] = useState<Uploading[]>([]);
  const add = (files: Iterable<File>) => {
    for (const file of files) {
      const key = crypto.randomUUID();
      setUploading((old) => [...old, { key, name: file.name, size: file.size, share: 0 }]);
      uploadFile(file, (share) => setUploading((old) => old.map((each) => (each.key === key ? { ...each, share } : each))))
        .then(onAttached, (error: unknown) => notifyError(error, file.name))
        .finally(() => setUploading((old) => old.filter((each) => each.key !== key)));
    }
  };
  return { uploading, add };
}
