import { Anchor, Button, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { RichEditor } from '#/shared/editor/RichEditor';
import { SafeFrame } from '#/shared/editor/SafeFrame';
import { SourceEditor } from '#/shared/editor/SourceEditor';
import { needsSource } from '#/shared/editor/tokens';
import { explainError } from '#/shared/parts/explainError';
import { KeyTip } from '#/shared/parts/KeyTip';
import { Notice } from '#/shared/parts/Notice';
import { notifyDone, notifyError, notifyProblem } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { dropAccountSignature, saveSignature, signaturePreviewQuery } from '#/shared/requests/signature';
import { bytes } from '#/shared/time/format';
import classes from './signature.module.css';

const OWN_ROOTS = ['user', 'company', 'account', 'sender'];
const LARGEST_PICTURE = 1_000_000; // it goes out with every single email

type Props = { accountId: string | null; email: string; kept: { html: string; is_own: boolean } };

export function SignatureForm({ accountId, email, kept }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const inherits = accountId !== null && !kept.is_own;
  const [html, setHtml] = useState(kept.html);
  const [isSource, setIsSource] = useState(() => needsSource(kept.html));
  const [isOwn, setIsOwn] = useState(!inherits);
  const [settled] = useDebouncedValue(html, 400);
  const { data: shown, error } = useQuery({ ...signaturePreviewQuery(settled, accountId), placeholderData: keepPreviousData, retry: false });
  const unknown = shown?.missing.filter(({ reason }) => reason === 'unknown').map(({ tag }) => tag) ?? [];
  const empty = shown?.missing.filter(({ reason }) => reason !== 'unknown').map(({ variable }) => variable) ?? [];
  const isDirty = html !== kept.html;
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ['signature'] });
    void queries.invalidateQueries({ queryKey: ['signaturePreview'] });
  };
  const save = useMutation({ mutationFn: () => saveSignature(accountId, html), onSuccess: () => { notifyDone(t('general.saved')); return refresh(); }, onError: (failure) => notifyError(failure) });
  const inherit = useMutation({ mutationFn: () => dropAccountSignature(accountId!), onSuccess: refresh, onError: (failure) => notifyError(failure) });
  useCommands({ appSave: () => { if (isOwn && isDirty) save.mutate(); } });

  if (!isOwn) {
    return (
      <Panel title={email} hint={t('signature.inherits')} actions={<Button size="xs" variant="default" onClick={() => setIsOwn(true)}>{t('signature.makeOwn')}</Button>}>
        {kept.html ? <div className={classes.letter}><SafeFrame html={shown?.html ?? ''} title={t('signature.preview')} /></div> : <Text size="sm" c="var(--text-3)">{t('signature.none')}</Text>}
      </Panel>
    );
  }
  return (
    <div className={classes.columns}>
      <Panel flush title={accountId ? email : t('signature.mine')} hint={accountId ? t('signature.overrides') : t('signature.underAll')}
        actions={<KeyTip command="appSave"><Button size="xs" loading={save.isPending} disabled={!isDirty} onClick={() => save.mutate()}>{t('general.save')}</Button></KeyTip>}>
        <div className={classes.paper}>
          {isSource
            ? <SourceEditor html={html} label={t('shell.place.signature')} isKept={needsSource(html)} onChange={setHtml} onRich={() => setIsSource(false)} />
            : <RichEditor html={html} label={t('shell.place.signature')} placeholder={t('signature.placeholder')} onChange={setHtml} roots={OWN_ROOTS} onPicture={(file) => asData(file, t('signature.pictureTooLarge', { name: file.name, limit: bytes(LARGEST_PICTURE) }))} onSource={() => setIsSource(true)} />}
        </div>
        <Group px={18} py={10} className={classes.foot}>
          <Text size="xs" c="var(--text-3)" flex={1}>{t('signature.variables')} <code>{'{user.name}'}</code> <code>{'{user.title}'}</code> <code>{'{user.phone}'}</code> <code>{'{company.name}'}</code></Text>
          {accountId && kept.is_own && <Anchor component="button" type="button" size="xs" onClick={() => inherit.mutate()}>{t('signature.useMine')}</Anchor>}
        </Group>
      </Panel>
      <Panel title={t('signature.preview')} hint={t('signature.previewHint')}>
        {error && <Notice tone="bad">{explainError(error, t)}</Notice>}
        {unknown.length > 0 && <Notice tone="bad" title={t('templates.unknown')}>{unknown.join(', ')}</Notice>}
        {empty.length > 0 && <Notice tone="warn" title={t('signature.empty')}>{empty.join(', ')}</Notice>}
        <div className={classes.letter}>
          <Text size="sm" c="#5b6473" mb="md">{t('signature.sample')}</Text>
          {html ? <SafeFrame html={shown?.html ?? ''} title={t('signature.preview')} /> : <Text size="sm" c="#5b6473" fs="italic">{t('signature.none')}</Text>}
        </div>
      </Panel>
    </div>
  );
}

/** A signature keeps its pictures inside itself: they are saved with it. */
function asData(file: File, tooLarge: string): Promise<string | null> {
  if (file.size > LARGEST_PICTURE) { notifyProblem(tooLarge); return Promise.resolve(null); }
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(file);
  });
}
