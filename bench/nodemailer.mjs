// node nodemailer.mjs COUNT PORT CONNECTIONS: compose and send the same emails with a pool, record nothing.
import { createRequire } from "module";
const nodemailer = createRequire(process.env.NODE_FOLDER + "/")("nodemailer");
const [count, port, connections] = process.argv.slice(2).map(Number);
const pool = nodemailer.createTransport({ pool: true, host: "127.0.0.1", port, secure: false, ignoreTLS: true, maxConnections: connections, maxMessages: Infinity, auth: { user: "bench", pass: "secret" } });
const html = (name, company) => `<p>Dear ${name},</p>` + `<p>a word to ${company}: our spring list is here, with everything you asked for last autumn.</p>`.repeat(12);
const text = (name, company) => `Dear ${name},\n\n` + `a word to ${company}: our spring list is here, with everything you asked for last autumn.\n\n`.repeat(12);
let next = 1;
const one = async () => {
  while (next <= count) {
    const number = next++, company = `Company ${number}`;
    await pool.sendMail({ from: "Bench <bench@acme.example>", to: `p${number}@crowd.example`, subject: `For ${company}`, html: html("Pat", company), text: text("Pat", company), headers: { Precedence: "bulk", "List-Unsubscribe": `<mailto:bench@acme.example?subject=unsubscribe%20${number}>` } });
  }
};
await Promise.all(Array.from({ length: connections * 2 }, one));
pool.close();
