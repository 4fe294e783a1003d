import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../packages/simulator/src/index.ts';
import { simulatedVendors } from '../simulated-vendors.ts';
import { type RunningExample, serveExample } from './run-example.ts';

/** The system's own browser: none is downloaded for a test. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = BROWSERS.find((path) => existsSync(path));
if (executablePath === undefined) console.warn(`skipped: no browser is installed (looked for ${BROWSERS.join(', ')})`);

describe.skipIf(executablePath === undefined)('the page of browser-stream, in a real browser', () => {
  let simulator: Simulator;
  let running: RunningExample;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    simulator = await startSimulator();
    running = await serveExample('browser-stream', simulatedVendors(simulator.url));
    // A container's root may use no sandbox; the page is our own.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  beforeEach(async () => {
    page = await browser.newPage();
    await page.goto(running.url);
  });
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
    await simulator?.close();
  });

  const ask = async (prompt: string) => {
    await page.fill('#prompt', prompt);
    await page.click('button[type=submit]');
  };
  /** The status line, once it is no longer waiting. */
  const end = async () => {
    await page.waitForFunction("!['', '…'].includes(document.getElementById('status').textContent)");
    return page.textContent('#status');
  };

  it('shows the answer, who gave it and what it cost', async () => {
    await ask('[[simulate: text=a: b / ä 漢 😀]]');
    expect(await end()).toMatch(/^→ anthropic\/claude-sonnet-4-5 · \$0\.\d+$/);
    expect(await page.textContent('#answer')).toBe('a: b / ä 漢 😀');
    expect(await page.isDisabled('#stop')).toBe(true);
  });

  it('says so where an answer breaks off', async () => {
    await ask('[[simulate: words=30; errorEvent=3; error=invalid_request]]');
    expect(await end()).toMatch(/^Not complete: /);
    expect(await page.textContent('#answer')).not.toBe('');
  });

  it('stops where it is told to, and the next question is answered', async () => {
    await ask('[[simulate: stall=2; words=30]]');
    await page.waitForFunction("document.getElementById('answer').textContent !== ''");
    await page.click('#stop');
    expect(await end()).toBe('Stopped.');
    await ask('[[simulate: text=Again.]]');
    await page.waitForFunction("document.getElementById('status').textContent.startsWith('→')");
    expect(await page.textContent('#answer')).toBe('Again.');
  });
});
