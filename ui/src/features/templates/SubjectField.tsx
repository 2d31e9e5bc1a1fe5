import { ActionIcon, Menu, Text, TextInput } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { fitting, variablesQuery } from '#/shared/editor/variables';

const MOST = 8;

/** One line of text; variables stand in it as they are written, put in where the caret is. */
export function SubjectField({ value, isDisabled, onChange }: { value: string; isDisabled: boolean; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { data } = useQuery(variablesQuery);
  const insert = (variable: string) => {
    const at = field.current?.selectionStart ?? value.length;
    onChange(`${value.slice(0, at)}{{ ${variable} }}${value.slice(at)}`);
  };
  return (
    <TextInput ref={field} label={t('mail.subject')} mb={8} value={value} disabled={isDisabled} onChange={(event) => onChange(event.currentTarget.value)} rightSection={!isDisabled && (
      <Menu position="bottom-end" width={300}>
        <Menu.Target><ActionIcon size={26} aria-label={t('editor.variable')}><IconBraces size={15} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {fitting(data?.data ?? [], '').filter(({ variable }) => variable !== 'signature').slice(0, MOST).map(({ variable, meaning }) => (
            <Menu.Item key={variable} onClick={() => insert(variable)}><Text size="sm">{meaning}</Text><Text size="xs" c="var(--text-3)">{variable}</Text></Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    )} />
  );
}
