/** Puts a template into the email: its words where one is, its subject where there is none, its files and copies too. */
import type { Editor } from '@tiptap/react';
import { useRef } from 'react';
import type { Template } from '#/shared/api/types';
import { needsSource, withChips } from '#/shared/editor/tokens';
import { parseAddress } from '#/shared/mail/addresses';
import type { Writing } from '#/shared/mail/composing';
import { withPlaces } from '#/shared/mail/pictures';
import { isEmptyHtml } from './content';

type Around = { now: { readonly current: Writing }; change: (part: Partial<Writing>) => void; onRedraw: () => void };

export function useTemplateInsert({ now, change, onRedraw }: Around) {
  const editor = useRef<Editor>(undefined);
  const insert = (template: Template) => {
    const { html, subject, inReplyToId, attachments, cc, bcc } = now.current;
    const files = template.attachments.filter((file) => !attachments.some((each) => each.url === file.url));
    const body = withPlaces(template.body, files);
    const isEmpty = isEmptyHtml(html);
    const known = new Set([...cc, ...bcc].map(({ email }) => email.toLowerCase()));
    const fresh = (people: string[]) => people.map(parseAddress).filter(({ email }) => !known.has(email.toLowerCase()));
    const living = editor.current && !editor.current.isDestroyed ? editor.current : undefined;
    const isDesigned = needsSource(body);
    change({
      templateId: template.id, attachments: [...attachments, ...files], cc: [...cc, ...fresh(template.cc)], bcc: [...bcc, ...fresh(template.bcc)],
      ...(subject.trim() || inReplyToId ? {} : { subject: template.subject }),
      ...(isEmpty || isDesigned || !living ? { html: isEmpty ? body : html + body } : {}),
    });
    if (isEmpty || isDesigned || !living) onRedraw(); // the editor reads its text once, when it is made
    else living.chain().focus().insertContent(withChips(body)).run();
  };
  return { onReady: (made: Editor) => { editor.current = made; }, editor, insert };
}
