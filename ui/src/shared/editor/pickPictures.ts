const SHOWN_BY_MAIL_PROGRAMS = 'image/png,image/jpeg,image/gif,image/webp';

/** Asks for picture files; none when the dialog is closed. */
export function pickPictures(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = SHOWN_BY_MAIL_PROGRAMS;
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}
