/**
 * The page in a browser, against real servers: the demo with its sandbox mailbox, and a fresh installation.
 * Nothing is mocked; the content security policy is the built page's own.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const FREE_PORTS = "const net=require('net');const a=net.createServer().listen(0,'127.0.0.1',()=>{const b=net.createServer().listen(0,'127.0.0.1',()=>{console.log(a.address().port,b.address().port);a.close();b.close()})})";

// This file is read by every worker: what the first one chose stands in the environment for the others.
if (!process.env.DEMO_PORT) {
  [process.env.DEMO_PORT, process.env.FRESH_PORT] = execFileSync(process.execPath, ['-e', FREE_PORTS]).toString().trim().split(' ');
  process.env.E2E_FOLDER = mkdtempSync(join(tmpdir(), 'postroom-e2e-'));
}
const { DEMO_PORT, FRESH_PORT, E2E_FOLDER = '', PYTHON = '.venv/bin/python', CHROMIUM = '/usr/bin/chromium-headless-shell' } = process.env;
/** Debian's, without a window: a third of the work of the one with. Where there is none `tools/setup` has fetched Playwright's own. */
const browser = existsSync(CHROMIUM) ? { executablePath: CHROMIUM } : {};

/** The shell outlives the server's SIGTERM by a moment, to remove what it left. */
const server = (program: string, name: string, port: string | undefined) => ({
  command: `trap : TERM; ${program}; rm -rf "$POSTROOM_DATA"; rmdir "${E2E_FOLDER}" 2>/dev/null`, cwd: '..', url: `http://127.0.0.1:${port}/api/v1/auth/state/`, timeout: 240_000, reuseExistingServer: false,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 30_000 },
  env: {
    POSTROOM_DATA: join(E2E_FOLDER, name), POSTROOM_BIND: `127.0.0.1:${port}`, POSTROOM_BASE_URL: `http://127.0.0.1:${port}`, POSTROOM_ALLOW_NETWORKS: '127.0.0.0/8', POSTROOM_LOG_LEVEL: 'warning',
  },
});

export default defineConfig({
  testDir: 'e2e',
  workers: 1, // the tests share the demo's one Inbox
  retries: process.env.CI ? 2 : 0, // a machine under load may lose a key press; what fails three times is broken
  timeout: 240_000, // for what hangs; the machine may be busy with the other tests
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${DEMO_PORT}`,
    launchOptions: { ...browser, args: ['--no-sandbox', '--disable-gpu'] }, // no sandbox: root in a container may not make one
    viewport: { width: 1440, height: 900 }, colorScheme: 'light', contextOptions: { reducedMotion: 'reduce' }, locale: 'en-US', trace: 'off', screenshot: 'only-on-failure',
  },
  webServer: [
    server(`${PYTHON} -m demo`, 'demo', DEMO_PORT),
    server(`${PYTHON} -m postroom.doors.main serve`, 'fresh', FRESH_PORT),
  ],
});
