/** What the Inbox says, and the frame around it; everything else is fetched when it is needed. */
import entry from './entry.json';
import general from './general.json';
import inbox from './inbox.json';
import mail from './mail.json';
import shell from './shell.json';

export default { entry, general, inbox, mail, shell };
