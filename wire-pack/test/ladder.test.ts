import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../formats.ts';
import { climbPack } from '../ladder.ts';
import { counts, reportText } from '../report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACK = `${root}wire-pack/test/pack`;
// biome-ignore lint/suspicious/noUndeclaredEnvVars: where reference material lies, for tests that skip without it.
const RECORDINGS = join(process.env.SIGNALBOX_SHARED ?? `${root}../shared`, 'wire');

describe('a small pack', () => {
  const report = climbPack(PACK);

  it('passes, but for the stream that ends before its time and is not marked as an excerpt', () => {
    expect(counts(report)).toEqual({ passed: 10, failed: 1, skipped: 1 });
    const failed = report.climbs.filter(({ faults }) => faults.length > 0);
    expect(failed.map(({ exchange }) => exchange.id)).toEqual(['chat-cut-must-fail']);
    expect(failed[0]?.faults).toEqual([
      { rung: 'd', reason: expect.stringContaining('an error that is not in the recording') },
    ]);
  });

  it('climbs the rungs that apply, by what the exchanges hold', () => {
    const rungs = Object.fromEntries(report.climbs.map((climb) => [climb.exchange.id, climb.rungs.join('')]));
    expect(rungs).toEqual({
      'anthropic-answer': 'abcd',
      'anthropic-stream': 'abcdeg',
      'chat-cut-must-fail': 'bcdeg',
      'chat-error-in-stream': 'bcdefg',
      'chat-excerpt': 'bcdefg',
      'chat-not-sse': 'defg',
      'chat-rate-limit': 'bcf',
      'chat-stream': 'abcdeg',
      'gemini-stream': 'abcdeg',
      'ollama-stream': 'abcdeg',
      'responses-answer': 'abcd',
    });
  });

  it('has a line for each provider and endpoint, and names what fails and what is skipped', () => {
    const lines = reportText(report, false).split('\n');
    expect(lines.find((line) => line.startsWith('acme/openai.chat'))).toMatch(/5 passed\s+1 failed/);
    expect(lines.some((line) => /^ {2}chat-cut-must-fail \(d\) it ends in an error/.test(line))).toBe(true);
    expect(lines.some((line) => /^ {2}acme\/openai\.embeddings\s+1$/.test(line))).toBe(true);
    expect(lines.at(-1)).toBe('10 passed, 1 failed, 1 skipped');
  });

  it('can be narrowed to one provider and endpoint', () => {
    expect(counts(climbPack(PACK, 'acme/ollama.chat'))).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });
});

it('documents each difference with a reason, and none for a whole body', () => {
  for (const { endpoint, requestDifferences, answerDifferences } of FORMATS) {
    for (const difference of [...requestDifferences, ...answerDifferences]) {
      expect(difference.because.length, `${endpoint} ${difference.at}`).toBeGreaterThan(6);
      if (difference.at === '') expect('sameAs' in difference, `${endpoint}: the whole body`).toBe(true);
    }
  }
});

it('passes a pack of oddities: what no recording of ours holds, or few do', () => {
  const report = climbPack(`${root}wire-pack/test/oddities`);
  expect(report.climbs.flatMap(({ exchange, faults }) => faults.map((fault) => [exchange.id, fault]))).toEqual([]);
  expect(counts(report).passed).toBeGreaterThan(30);
});

describe('the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-pack-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(...words: string[]) {
    const command = ['--conditions=@signalbox/source', 'wire-pack/run.ts', ...words];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
    return { status, stdout: stdout.trim(), stderr: stderr.trim() };
  }

  it('exits with 1 when something failed and with 0 when nothing did', () => {
    expect(run(PACK).status).toBe(1);
    const passed = run(PACK, '--only', 'anthropic.messages', '--json');
    expect(passed.status).toBe(0);
    expect(JSON.parse(passed.stdout)).toMatchObject({ passed: 2, failed: 0, skipped: 0 });
  });

  it('says in one sentence what is wrong with a pack, and exits with 2', () => {
    const broken = (text: string) => {
      writeFileSync(join(folder, 'broken.json'), text);
      return run(folder);
    };
    const cases = [
      [run(`${folder}/nowhere`), /There is no folder .*nowhere\./],
      [run(), /Give one folder of recorded exchanges\./],
      [run(folder), /holds no exchange/],
      [broken('{"endpoint":'), /broken\.json is not JSON/],
      [broken('{"endpoint":"openai.chat","provider":"acme"}'), /broken\.json: response must be an object\./],
      [broken('{"endpoint":"openai.chat","provider":"acme","response":{"status":"ok"}}'), /response\.status must be/],
      [run(PACK, '--novelty'), /Unknown option '--novelty'/],
      [run(PACK, '--only', 'nobody'), /holds no exchange of nobody\./],
    ] as const;
    for (const [{ status, stdout, stderr }, sentence] of cases) {
      expect(stderr).toMatch(sentence);
      expect(stderr.split('\n')).toHaveLength(1);
      expect(stdout).toBe('');
      expect(status).toBe(2);
    }
  });

  it('explains itself', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('npm run wire-pack -- DIR');
  });
});

describe.skipIf(!existsSync(RECORDINGS))('recorded exchanges with providers', () => {
  it('all climb the ladder', () => {
    const report = climbPack(RECORDINGS);
    console.info(reportText(report, false).split('\n').at(-1));
    expect(report.climbs.flatMap(({ exchange, faults }) => faults.map((fault) => [exchange.id, fault]))).toEqual([]);
  }, 60_000);
});
if (!existsSync(RECORDINGS)) console.info(`skipped: no recorded exchanges at ${RECORDINGS} (set SIGNALBOX_SHARED)`);
