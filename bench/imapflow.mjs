// node imapflow.mjs headers|full COUNT PORT USER PASSWORD: fetch the newest COUNT messages of INBOX, keep nothing.
import { createRequire } from "module";
const { ImapFlow } = createRequire(process.env.NODE_FOLDER + "/")("imapflow");
const [what, count, port, user, pass] = process.argv.slice(2);
const query = { uid: true, flags: true, internalDate: true, size: true };
if (what === "full") query.source = true;
else query.headers = ["from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "references", "in-reply-to", "date", "subject"];
const client = new ImapFlow({ host: "127.0.0.1", port: +port, secure: false, doSTARTTLS: false, auth: { user, pass }, logger: false });
await client.connect();
await client.mailboxOpen("INBOX", { readOnly: true });
let seen = 0;
for await (const message of client.fetch("1:*", query)) if (message.headers || message.source) seen++;
await client.logout();
if (seen !== +count) throw new Error(`saw ${seen} of ${count}`);
