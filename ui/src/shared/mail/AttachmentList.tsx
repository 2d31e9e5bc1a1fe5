import { Group, Text } from '@mantine/core';
import { IconCalendarEvent, IconDownload, IconFile, IconFileText, IconFileTypePdf, IconFileZip, IconPhoto, IconTable, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '#/shared/api/client';
import type { Attachment } from '#/shared/api/types';
import { bytes } from '#/shared/time/format';
import { nameOf } from './nature';
import classes from './mail.module.css';

const SIGNS: [RegExp, Icon][] = [
  [/pdf/, IconFileTypePdf], [/^image\//, IconPhoto], [/zip|compressed|tar/, IconFileZip], [/sheet|excel|csv/, IconTable], [/calendar/, IconCalendarEvent], [/^text\/|word|document/, IconFileText],
];
export const signOf = (contentType: string): Icon => SIGNS.find(([pattern]) => pattern.test(contentType))?.[1] ?? IconFile;

/** Name, size and the way to the file. Nothing is shown in place: a file is only ever downloaded. */
export function AttachmentList({ files, emailId }: { files: Attachment[]; emailId: string }) {
  const { t } = useTranslation();
  if (!files.length) return null;
  return (
    <Group gap={8} className={classes.files} component="ul" aria-label={t('mail.attachments')}>
      {files.map((file) => {
        const Sign = signOf(file.content_type);
        return (
          <li key={file.url}>
            <a className={classes.file} href={file.url} download={nameOf(file)} rel="noopener">
              <Sign size={18} stroke={1.6} aria-hidden />
              <span className={classes.fileName} title={nameOf(file)}>{nameOf(file)}</span>
              <Text span size="xs" c="var(--text-3)" style={{ whiteSpace: 'nowrap' }}>{bytes(file.size)}</Text>
              <IconDownload size={14} className={classes.fileGet} aria-hidden />
            </a>
          </li>
        );
      })}
      {files.length > 1 && (
        <li>
          <a className={classes.file} href={apiUrl(`/activity/email/${emailId}/attachment/`)} download="attachments.zip" rel="noopener">
            <IconFileZip size={18} stroke={1.6} aria-hidden />
            <span className={classes.fileName}>{t('mail.allAsZip')}</span>
            <Text span size="xs" c="var(--text-3)">{bytes(files.reduce((sum, file) => sum + file.size, 0))}</Text>
          </a>
        </li>
      )}
    </Group>
  );
}
