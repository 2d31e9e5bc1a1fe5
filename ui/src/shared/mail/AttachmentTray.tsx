import { CloseButton, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Attachment } from '#/shared/api/types';
import { bytes } from '#/shared/time/format';
import { signOf } from './AttachmentList';
import type { Uploading } from './useAttachments';
import classes from './mail.module.css';

const PROVIDERS_REFUSE = 25 * 1_048_576; // Gmail and Microsoft 365 take about 25 MB

export function AttachmentTray({ files, uploading, onRemove }: { files: Attachment[]; uploading: Uploading[]; onRemove: (file: Attachment) => void }) {
  const { t } = useTranslation();
  if (!files.length && !uploading.length) return null;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  return (
    <div className={classes.tray}>
      {files.map((file) => {
        const Sign = signOf(file.content_type);
        return (
          <span key={file.url} className={classes.trayFile}>
            <Sign size={16} stroke={1.6} aria-hidden /><span className={classes.fileName}>{file.filename}</span><Text span size="xs" c="var(--text-3)">{bytes(file.size)}</Text>
            <CloseButton size="xs" aria-label={t('compose.removeFile', { name: file.filename })} onClick={() => onRemove(file)} />
          </span>
        );
      })}
      {uploading.map((file) => (
        <span key={file.key} className={classes.trayFile} aria-busy>
          <span className={classes.fileName}>{file.name}</span><Progress value={file.share * 100} w={60} size={4} aria-label={file.name} />
        </span>
      ))}
      {total > PROVIDERS_REFUSE && <Text size="xs" c="var(--warn)" w="100%">{t('compose.tooLarge', { size: bytes(total) })}</Text>}
    </div>
  );
}
