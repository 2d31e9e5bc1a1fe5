import access from './access.json';
import accounts from './accounts.json';
import compose from './compose.json';
import connect from './connect.json';
import editor from './editor.json';
import entry from './entry.json';
import general from './general.json';
import inbox from './inbox.json';
import leads from './leads.json';
import links from './links.json';
import lists from './lists.json';
import mail from './mail.json';
import mend from './mend.json';
import preferences from './preferences.json';
import shell from './shell.json';
import signature from './signature.json';
import templates from './templates.json';

export default { access, accounts, compose, connect, editor, entry, general, inbox, leads, links, lists, mail, mend, preferences, shell, signature, templates };
