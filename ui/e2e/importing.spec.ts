/** While the first reading of a mailbox lasts, a lead says so: the mail server is real, and answers when it is let. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { ANNA, expect, inboxItem, PASSWORD, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
type Listed = { data: { imap: { port: number }; smtp: { port: number } }[] };

/** Passes everything on, but nothing of what the server answers once a folder was opened, until it is let go. */
async function holdingBack(port: number) {
  let isHeld = true;
  const held = new Set<Socket>();
  const door = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.on('data', (chunk) => {
      if (isHeld && /\b(SELECT|EXAMINE|FETCH)\b/i.test(chunk.toString('latin1'))) { held.add(server); server.pause(); }
      server.write(chunk);
    });
    server.on('data', (chunk) => client.write(chunk));
    for (const [one, other] of [[client, server], [server, client]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => { door.listen(0, '127.0.0.1', resolve); });
  return {
    port: (door.address() as AddressInfo).port,
    letGo: () => { isHeld = false; for (const server of held) server.resume(); },
    close: () => { door.close(); },
  };
}

test('a lead says that the history of an account is being imported, for as long as it lasts', async ({ page }) => {
  await signIn(page, ANNA);
  const { data: [account] } = await (await page.request.get('/api/v1/connected_account/')).json() as Listed;
  const { lead_id: lead } = await inboxItem(page.request);
  const door = await holdingBack(account!.imap.port);
  const server = { host: '127.0.0.1', encryption: 'none', username: 'ben@acme.example', password: PASSWORD };
  const email = `late-${Date.now().toString(36)}@acme.example`;
  const made = await page.request.post('/api/v1/connected_account/', { data: { email, imap: { ...server, port: door.port }, smtp: { ...server, port: account!.smtp.port } }, headers: HEADERS });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = await made.json() as { id: string };
  try {
    await page.goto(`/leads/${lead}`);
    const notice = page.getByText(`The history of ${email} is being imported.`, { exact: false });
    await expect(notice).toBeVisible();
    door.letGo();
    await expect(notice).toHaveCount(0, { timeout: 180_000 }); // by itself, nobody reloads
  } finally {
    door.letGo();
    await page.request.delete(`/api/v1/connected_account/${id}/`, { headers: HEADERS });
    door.close();
  }
});
