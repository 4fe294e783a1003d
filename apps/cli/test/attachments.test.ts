import { writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, finished, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:
  anthropic: { endpoint: "${simulator.url}/anthropic", api_key: "\${K}", models: [claude-sonnet-4-5], default: claude-sonnet-4-5 }
  openai: { endpoint: "${simulator.url}/openai/v1/", api_key: "\${K}", models: [gpt-4o], default: gpt-4o }
  google: { endpoint: "${simulator.url}/gemini", api_key: "\${K}", models: [gemini-2.5-pro], default: gemini-2.5-pro }
`,
  );
});
afterEach(() => sandbox.remove());

const env = { K: 'sk-planted-secret' };
const run = (words: string[], input?: string) => sandbox.run(words, input === undefined ? { env } : { env, input });
const body = () => simulator.requests[0]?.body;

describe('what goes along with a prompt', () => {
  it('is files by name and by pattern, text as text and PDF as a document, each once', async () => {
    sandbox.write('notes/a.md', 'Alpha');
    sandbox.write('notes/b.md', 'Beta');
    sandbox.write('notes/left-out.md', 'Gamma');
    sandbox.write('.gitignore', 'left-out.md\n');
    sandbox.write('paper.pdf', '%PDF-1.4 and so on');
    const { code, stderr } = await run([
      '-p',
      'anthropic',
      '--file',
      'paper.pdf',
      '--file',
      'notes/*.md',
      '--file',
      'notes/a.md',
      'Sum up',
    ]);
    expect(code, stderr).toBe(0);
    expect(body()).toMatchObject({
      messages: [
        {
          content: [
            { type: 'document', title: 'paper.pdf', source: { media_type: 'application/pdf' } },
            { text: '<file path="notes/a.md">\nAlpha\n</file>' },
            { text: '<file path="notes/b.md">\nBeta\n</file>' },
            { text: 'Sum up' },
          ],
        },
      ],
    });
  });

  it('is what is piped in beside the words', async () => {
    await run(['-p', 'anthropic', 'Review this'], 'diff --git a b\n');
    expect(body()).toMatchObject({
      messages: [
        { content: [{ text: '<standard_input>\ndiff --git a b\n</standard_input>' }, { text: 'Review this' }] },
      ],
    });
  });

  it('may be UTF-16 with its mark, as Windows writes it, by name and piped in', async () => {
    const little = Buffer.from('\ufeffÄpfel', 'utf16le');
    writeFileSync(sandbox.write('little.txt', ''), little);
    writeFileSync(sandbox.write('big.txt', ''), Buffer.from(little).swap16());
    const child = sandbox.start(['-p', 'anthropic', '--file', 'little.txt', '--file', 'big.txt', 'Sum up'], env);
    child.stdin.end(little);
    const { code, stderr } = await finished(child);
    expect(code, stderr).toBe(0);
    expect(body()).toMatchObject({
      messages: [
        {
          content: [
            { text: '<file path="little.txt">\nÄpfel\n</file>' },
            { text: '<file path="big.txt">\nÄpfel\n</file>' },
            { text: '<standard_input>\nÄpfel\n</standard_input>' },
            { text: 'Sum up' },
          ],
        },
      ],
    });
  });

  it('is refused where it is piped in without an end, as by `yes |`', async () => {
    const child = sandbox.start(['-p', 'anthropic'], env);
    const endless = Readable.from(
      (function* () {
        for (let pieces = 0; pieces < 100; pieces += 1) yield Buffer.alloc(1024 * 1024, 'y\n');
      })(),
    );
    child.stdin.on('error', () => undefined);
    endless.pipe(child.stdin);
    const { code, stdout, stderr } = await finished(child);
    endless.destroy();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/The standard input is larger than 32 MiB/);
    expect(simulator.requests).toEqual([]);
  });

  it('is said to be wrong in a sentence', async () => {
    sandbox.write('program', 'a\0b');
    const cases: [string[], RegExp][] = [
      [['--file', 'program', 'x'], /program is neither text nor PDF nor an image/],
      [['--file', 'nowhere.md', 'x'], /nowhere\.md can't be read: there is no such file/],
      [['--file', 'nowhere/*.md', 'x'], /No file matches nowhere\/\*\.md/],
    ];
    for (const [words, pattern] of cases) {
      const { code, stdout, stderr } = await run(words);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(pattern);
    }
  });
});

describe('--schema', () => {
  const schema = {
    title: 'A city',
    type: 'object',
    properties: { name: { type: 'string' }, people: { type: 'integer' } },
    required: ['name', 'people'],
    additionalProperties: false,
  };
  beforeEach(() => sandbox.write('city.json', JSON.stringify(schema)));

  it.each([
    ['anthropic', { output_config: { format: { type: 'json_schema', schema } } }],
    ['openai', { response_format: { type: 'json_schema', json_schema: { name: 'A_city', schema, strict: true } } }],
    ['google', { generationConfig: { responseJsonSchema: schema } }],
  ])('is said to %s by its own means, and the answer fits', async (provider, sent) => {
    const { code, stdout, stderr } = await run(['-p', provider, '--schema', 'city.json', 'Name a city']);
    expect(code, stderr).toBe(0);
    expect(body()).toMatchObject(sent);
    expect(JSON.parse(stdout)).toEqual({ name: expect.any(String), people: expect.any(Number) });
  });

  it('is not called strict where it leaves something open', async () => {
    sandbox.write('city.json', JSON.stringify({ ...schema, required: ['name'] }));
    await run(['-p', 'openai', '--schema', 'city.json', 'Name a city']);
    expect(body()).not.toHaveProperty('response_format.json_schema.strict');
  });

  it.each([
    ['Lisbon', /it is not JSON\./],
    ['{"name":"Lisbon"}', /it must have required property 'people'\./],
    ['{"name":"Lisbon","people":"many"}', /\/people must be integer\./],
    ['{"name":"Lisbon","people":1,"river":"Tejo"}', /additional properties \("river"\)\./],
  ])('shows an answer that does not fit, says why, and exits with 1: %s', async (text, problem) => {
    simulator.script([{ behave: { text } }]);
    const { code, stdout, stderr } = await run(['-p', 'openai', '--schema', 'city.json', 'Name a city']);
    expect([code, stdout]).toEqual([1, `${text}\n`]);
    expect(stderr).toMatch(/^signalbox: The answer does not fit the schema city\.json: /m);
    expect(stderr).toMatch(problem);
  });

  it('has its value in --json', async () => {
    simulator.script([{ behave: { text: '{"name":"Lisbon","people":545000}' } }]);
    const { stdout } = await run(['-p', 'openai', '--json', '--schema', 'city.json', 'Name a city']);
    expect(JSON.parse(stdout)).toMatchObject({ value: { name: 'Lisbon', people: 545_000 } });
  });

  it.each([
    ['no.json', undefined, /The schema no\.json can't be read: there is no such file\./],
    ['bad.json', '{"type"', /The schema bad\.json is not JSON: /],
    ['list.json', '[]', /The schema list\.json is no JSON object\./],
    ['odd.json', '{"type":"objekt"}', /The schema odd\.json is no JSON Schema that can be used: /],
    ['far.json', '{"$ref":"https://example.com/x.json"}', /The schema far\.json is no JSON Schema that can be used: /],
  ])('%s is refused before anything is sent', async (file, text, sentence) => {
    if (text !== undefined) sandbox.write(file, text);
    const { code, stderr } = await run(['--schema', file, 'x']);
    expect([code, simulator.requests.length]).toEqual([2, 0]);
    expect(stderr).toMatch(sentence);
  });
});
