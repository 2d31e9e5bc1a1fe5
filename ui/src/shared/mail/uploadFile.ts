import { post } from '#/shared/api/client';
import { ApiError } from '#/shared/api/errors';
import type { Attachment } from '#/shared/api/types';

/** Asks for a place, then sends the file there. XMLHttpRequest, because fetch does not tell how far an upload is. */
export async function uploadFile(file: File, onProgress: (share: number) => void): Promise<Attachment> {
  const contentType = file.type || 'application/octet-stream';
  const { upload, download } = await post('/files/upload/', { body: { filename: file.name, content_type: contentType } });
  const form = new FormData();
  for (const [key, value] of Object.entries(upload.fields)) form.append(key, value);
  form.append('file', file); // last: what follows the file is not read
  await sendForm(upload.url, form, onProgress);
  return { url: download.url, filename: file.name, size: file.size, content_type: contentType };
}

function sendForm(url: string, form: FormData, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('X-Postroom', '1');
    request.upload.onprogress = (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); };
    request.onload = () => (request.status < 300 ? resolve() : reject(new ApiError(request.status, '')));
    request.onerror = () => reject(new ApiError(0, ''));
    request.send(form);
  });
}
