/** What the lists of mail say, and the frame around them; everything else is fetched when it is needed. */
import compose from './compose.json';
import entry from './entry.json';
import general from './general.json';
import inbox from './inbox.json';
import lists from './lists.json';
import mail from './mail.json';
import shell from './shell.json';

export default { compose, entry, general, inbox, lists, mail, shell };
