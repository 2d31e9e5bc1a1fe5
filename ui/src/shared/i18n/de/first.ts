import entry from './entry.json';
import general from './general.json';
import inbox from './inbox.json';
import mail from './mail.json';
import shell from './shell.json';

export default { entry, general, inbox, mail, shell };
