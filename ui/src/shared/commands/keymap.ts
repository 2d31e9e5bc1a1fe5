/** The one table of shortcuts: the dispatcher, the `?` sheet, the palette and the tooltips all read it. */
export type KeyGroup = 'list' | 'thread' | 'mail' | 'compose' | 'go' | 'app';

export const KEYMAP = [
  { id: 'listNext', keys: ['j', 'ArrowDown'], group: 'list' },
  { id: 'listPrevious', keys: ['k', 'ArrowUp'], group: 'list' },
  { id: 'listOpen', keys: ['o', 'Enter'], group: 'list' },
  { id: 'listFirst', keys: ['Home'], group: 'list' },
  { id: 'listLast', keys: ['End'], group: 'list' },
  { id: 'listSelect', keys: ['x'], group: 'list' },
  { id: 'listSelectRange', keys: ['shift+x'], group: 'list' },
  { id: 'listSelectNext', keys: ['shift+j', 'shift+ArrowDown'], group: 'list' },
  { id: 'listSelectPrevious', keys: ['shift+k', 'shift+ArrowUp'], group: 'list' },
  { id: 'listSelectAll', keys: ['* a'], group: 'list' },
  { id: 'listSelectNone', keys: ['* n'], group: 'list' },
  { id: 'threadDone', keys: ['e'], group: 'thread' },
  { id: 'threadSnooze', keys: ['h', 'b'], group: 'thread' },
  { id: 'threadReply', keys: ['r'], group: 'thread' },
  { id: 'threadReplyAll', keys: ['a'], group: 'thread' },
  { id: 'threadForward', keys: ['f'], group: 'thread' },
  { id: 'threadUnread', keys: ['u'], group: 'thread' },
  { id: 'threadDown', keys: ['Space'], group: 'thread' },
  { id: 'threadUp', keys: ['shift+Space'], group: 'thread' },
  { id: 'threadExpand', keys: [';'], group: 'thread' },
  { id: 'threadLead', keys: ['l'], group: 'thread' },
  { id: 'threadMove', keys: ['v'], group: 'thread' },
  { id: 'threadOriginal', keys: ['shift+o'], group: 'thread' },
  { id: 'threadBack', keys: ['Escape'], group: 'thread' },
  { id: 'mailEdit', keys: ['i'], group: 'mail' },
  { id: 'mailSendNow', keys: ['shift+s'], group: 'mail' },
  { id: 'mailDiscard', keys: ['#'], group: 'mail' },
  { id: 'composeNew', keys: ['c'], group: 'compose' },
  { id: 'composeSend', keys: ['mod+Enter'], group: 'compose' },
  { id: 'composeCc', keys: ['mod+shift+c'], group: 'compose' },
  { id: 'composeTemplate', keys: ['mod+;'], group: 'compose' },
  { id: 'composeLater', keys: ['mod+shift+l'], group: 'compose' },
  { id: 'composeReminder', keys: ['mod+shift+h'], group: 'compose' },
  { id: 'composeAttach', keys: ['mod+shift+u'], group: 'compose' },
  { id: 'composeDiscard', keys: ['mod+shift+Backspace'], group: 'compose' },
  { id: 'goInbox', keys: ['g i'], group: 'go' },
  { id: 'goSnoozed', keys: ['g s'], group: 'go' },
  { id: 'goDone', keys: ['g d'], group: 'go' },
  { id: 'goDrafts', keys: ['g r'], group: 'go' },
  { id: 'goScheduled', keys: ['g e'], group: 'go' },
  { id: 'goOutbox', keys: ['g o'], group: 'go' },
  { id: 'goSent', keys: ['g t'], group: 'go' },
  { id: 'goSearch', keys: ['g /'], group: 'go' },
  { id: 'goTasks', keys: ['g k'], group: 'go' },
  { id: 'goTemplates', keys: ['g m'], group: 'go' },
  { id: 'goSignature', keys: ['g f'], group: 'go' },
  { id: 'goLeads', keys: ['g l'], group: 'go' },
  { id: 'goAccounts', keys: ['g c'], group: 'go' },
  { id: 'goSettings', keys: ['g ,'], group: 'go' },
  { id: 'goWhy', keys: ['g w'], group: 'go' },
  { id: 'leadNew', keys: ['n'], group: 'app' },
  { id: 'templateNew', keys: ['shift+n'], group: 'app' },
  { id: 'appSave', keys: ['mod+s'], group: 'app' },
  { id: 'appUndo', keys: ['z'], group: 'app' },
  { id: 'appSearch', keys: ['/'], group: 'app' },
  { id: 'appPalette', keys: ['mod+k'], group: 'app' },
  { id: 'appHelp', keys: ['?'], group: 'app' },
  { id: 'appTheme', keys: ['shift+d'], group: 'app' },
] as const satisfies readonly { id: string; keys: readonly string[]; group: KeyGroup }[];

export type CommandId = (typeof KEYMAP)[number]['id'];
export const KEY_GROUPS: readonly KeyGroup[] = ['list', 'thread', 'mail', 'compose', 'go', 'app'];

const ARROWS: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };

/** A key as people print it: "mod+k" is "Ctrl+K", or "⌘K" on a Mac; "g i" is "G then I". */
export function printKeys(keys: string, then: string): string {
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  const one = (key: string) => (key.length === 1 ? key.toUpperCase() : (ARROWS[key] ?? key.replace('Escape', 'Esc')));
  return keys.split(' ').map((chord) => chord.split('+').map((key) => {
    if (key === 'mod') return isMac ? '⌘' : 'Ctrl';
    return key === 'shift' ? 'Shift' : one(key);
  }).join('+')).join(` ${then} `);
}
