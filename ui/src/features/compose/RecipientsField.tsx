import { Combobox, Pill, PillsInput, Text, useCombobox } from '@mantine/core';
import { useEffect, useId, useState, type ReactNode, type Ref } from 'react';
import { releaseKeys } from '#/shared/commands/heldKeys';
import { isPlausible, shownName, splitAddresses, type Address } from '#/shared/mail/addresses';
import { useRecipientChoices } from './useRecipientChoices';
import classes from './compose.module.css';

type Props = { label: string; value: Address[]; onChange: (value: Address[]) => void; onLead: (leadId: string) => void; right?: ReactNode; inputRef?: Ref<HTMLInputElement>; takesHeldKeys?: boolean };

const ENDS = ['Enter', 'Tab', ',', ';'];

/** Addresses as pills: completed from contacts, pasted as lists, red when they cannot be right. */
export function RecipientsField({ label, value, onChange, onLead, right, inputRef, takesHeldKeys = false }: Props) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const combobox = useCombobox();
  const choices = useRecipientChoices(typed.trim(), value);
  const isOpen = typed.trim() !== '' && choices.length > 0;
  // A whole address is taken as typed; only beginnings are completed by Enter.
  useEffect(() => { if (isOpen && !isPlausible(typed.trim())) combobox.selectFirstOption(); else combobox.resetSelectedOption(); }, [isOpen, typed, choices.length]); // oxlint-disable-line react/exhaustive-deps -- the store is a new object with each render

  const add = (addresses: Address[]) => {
    const known = new Set(value.map(({ email }) => email.toLowerCase()));
    onChange([...value, ...addresses.filter(({ email }) => email && !known.has(email.toLowerCase()) && known.add(email.toLowerCase()))]);
    setTyped('');
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Backspace' && !typed) onChange(value.slice(0, -1));
    const completes = isOpen && combobox.getSelectedOptionIndex() >= 0 && (event.key === 'Enter' || event.key === 'Tab');
    const ends = ENDS.includes(event.key) || (event.key === ' ' && isPlausible(typed.trim()));
    if (!typed.trim() || event.ctrlKey || event.metaKey || !ends) return;
    if (completes) {
      if (event.key === 'Tab') { event.preventDefault(); combobox.clickSelectedOption(); }
      return;
    }
    event.preventDefault();
    add(splitAddresses(typed));
  };

  return (
    <div className={classes.field}>
      <label className={classes.label} htmlFor={id}>{label}</label>
      <Combobox store={combobox} position="bottom-start" shadow="md" width={380} onOptionSubmit={(key) => {
        const choice = choices.find((each) => each.key === key);
        if (choice) { add([choice.address]); onLead(choice.leadId); }
      }}>
        <Combobox.DropdownTarget>
          <PillsInput variant="unstyled" flex={1} classNames={{ input: classes.pills }}>
            <Pill.Group gap={4}>
              {value.map((address) => (
                <Pill key={address.email} withRemoveButton className={classes.recipient} data-bad={!isPlausible(address.email) || undefined} title={address.email} onRemove={() => onChange(value.filter((each) => each !== address))} removeButtonProps={{ 'aria-label': address.email }}>{shownName(address)}</Pill>
              ))}
              <Combobox.EventsTarget>
                <PillsInput.Field id={id} ref={inputRef} value={typed} autoComplete="off" aria-label={label} aria-expanded={isOpen} onKeyDown={onKeyDown}
                  onChange={(event) => { setTyped(event.currentTarget.value); combobox.openDropdown(); }}
                  onFocus={() => { const held = takesHeldKeys ? releaseKeys() : ''; if (held) { setTyped(held.replaceAll('\n', '')); combobox.openDropdown(); } }}
                  onBlur={() => { combobox.closeDropdown(); if (typed.trim()) add(splitAddresses(typed)); }}
                  onPaste={(event) => {
                    const text = event.clipboardData.getData('text/plain');
                    if (/[,;\n<]|@.*\s.*@/.test(text)) { event.preventDefault(); add(splitAddresses(text)); }
                  }} />
              </Combobox.EventsTarget>
            </Pill.Group>
          </PillsInput>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown hidden={!isOpen}>
          <Combobox.Options>
            {choices.map((choice) => (
              <Combobox.Option className={classes.choice} key={choice.key} value={choice.key} onMouseDown={(event) => event.preventDefault() /* keeps the focus, so blur does not take the half-typed text */}>
                <Text size="sm" truncate>{shownName(choice.address)}</Text>
                <Text size="xs" c="var(--text-3)" truncate>{choice.address.email} · {choice.leadName}</Text>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {right}
    </div>
  );
}
