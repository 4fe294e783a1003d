import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type Behaviour, type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
  sandbox.write('.claude-code/router-config.yml', configuration());
});
afterEach(() => sandbox.remove());

function configuration(more = ''): string {
  return `providers:
  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4-turbo, gpt-3.5-turbo], default: gpt-4-turbo }
routing: { strategy: manual }
router: { default_model: gpt-4-turbo }
${more}`;
}

const chat = (input: string, ...words: string[]) => sandbox.run(['chat', ...words], { input });
const folder = () => join(sandbox.home, '.claude-code', 'chats');

interface Sent {
  model: string;
  messages: { role: string; content: string }[];
}
/** The first request gets the first behaviour, and so on; the rest answer as they like. */
function inTurn(behaviours: readonly Behaviour[]): void {
  simulator.script(behaviours.map((behave) => ({ when: { nth: 1 }, behave })));
}

const sent = (index: number) => simulator.requests[index]?.body as unknown as Sent;

describe('signalbox chat from a pipe', () => {
  it('takes one line for one turn and sends what was said before', async () => {
    inTurn([{ text: 'Hello Ada.' }, { text: 'Ada.' }]);
    const { code, stdout, stderr } = await chat('My name is Ada.\n\nWhat is my name?\n');
    expect([code, stdout]).toEqual([0, 'Hello Ada.\nAda.\n']);
    expect(stderr.match(/→ openai\/gpt-4-turbo/g)).toHaveLength(2);
    expect(sent(1).messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'My name is Ada.'],
      ['assistant', 'Hello Ada.'],
      ['user', 'What is my name?'],
    ]);
  });

  it('changes the model, adds up the cost, explains, and asks again', async () => {
    const { code, stdout, stderr } = await chat('one\n/model gpt-3.5-turbo\ntwo\n/retry\n/cost\n/explain\n/strategy\n');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(simulator.requests.map((_, index) => sent(index).model)).toEqual([
      'gpt-4-turbo',
      'gpt-3.5-turbo',
      'gpt-3.5-turbo',
    ]);
    // The second answer was forgotten before the question was asked again.
    expect(sent(2).messages).toEqual(sent(1).messages);
    expect(stderr).toMatch(/^3 answers · \d+ in \/ \d+ out · \$0\.\d+, the last \$0\.\d+$/m);
    expect(stderr).toMatch(/^winner +openai\/gpt-3\.5-turbo$/m);
    expect(stderr).toMatch(/^strategy manual$/m);
  });

  it('explains by the route that a question would take, however that was named', async () => {
    const { stderr } = await chat('/explain hi\n', '--provider-chain', 'gpt-3.5-turbo,gpt-4-turbo');
    expect(stderr).toMatch(/^strategy +fallback_chain: /m);
    expect(stderr).toMatch(/^winner +openai\/gpt-3\.5-turbo$/m);
  });

  it('goes on after a mistake, which costs nothing, and exits by the last turn', async () => {
    const { code, stdout, stderr } = await chat('/modle x\n/model nobody-knows\n/forget some\n/retry\nhello\n');
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 1]);
    expect(stderr).toMatch(/no command \/modle: \/help lists them/);
    expect(stderr).toMatch(/model "nobody-knows" is unknown/);
    expect(stderr).toMatch(/How many turns\?/);
    expect(simulator.requests).toHaveLength(1);
    inTurn([{ status: 401 }]);
    const failed = await chat('hello\n');
    expect([failed.code, failed.stdout]).toEqual([1, '']);
  });

  it('says what to do about a conversation that has grown too long', async () => {
    inTurn([{ text: 'Yes.' }, { error: 'context_length_exceeded' }]);
    const { stderr } = await chat('one\ntwo\n/forget 1\nthree\n');
    expect(stderr).toMatch(
      /The conversation no longer fits openai\/gpt-4-turbo\. Forget the oldest turns with \/forget 4/,
    );
    expect(stderr).toMatch(/^forgot 1, 0 left$/m);
    expect(sent(2).messages).toHaveLength(1);
  });

  it('writes the conversation into a file for its owner alone, and overwrites none', async () => {
    inTurn([{ text: 'An answer.' }]);
    const { stderr } = await chat('one\n/save talk.md\n/save talk.md\n/save talk.json\n');
    const file = join(sandbox.project, 'talk.md');
    expect(readFileSync(file, 'utf8')).toBe('## You\n\none\n\n## Answer of openai/gpt-4-turbo\n\nAn answer.\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(stderr).toMatch(/talk\.md is there already: name another file/);
    expect(JSON.parse(readFileSync(join(sandbox.project, 'talk.json'), 'utf8'))).toMatchObject([{ prompt: 'one' }]);
  });
});

describe('what chat keeps', () => {
  it('is nothing, unless it is asked for', async () => {
    await chat('one\n');
    expect(() => readdirSync(folder())).toThrow(/ENOENT/);
    sandbox.write('.claude-code/router-config.yml', configuration('chat: { store: true }\n'));
    await chat('one\n', '--no-store');
    expect(() => readdirSync(folder())).toThrow(/ENOENT/);
    await chat('one\n');
    expect(readdirSync(folder())).toHaveLength(1);
  });

  it('is readable for its owner alone, listed, and gone on with, model and all', async () => {
    await chat('one\n/model gpt-3.5-turbo\ntwo\nthree\n/forget 1\n', '--store');
    const [name = ''] = readdirSync(folder());
    expect(statSync(join(folder(), name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    const list = await sandbox.run(['chat', '--list', '--json']);
    expect(JSON.parse(list.stdout)).toMatchObject([{ id: name.replace('.jsonl', ''), turns: 2, title: 'two' }]);

    simulator.reset();
    await chat('four\n', '--resume');
    expect(sent(0).model).toBe('gpt-3.5-turbo');
    expect(
      sent(0)
        .messages.filter(({ role }) => role === 'user')
        .map(({ content }) => content),
    ).toEqual(['two', 'three', 'four']);
    await chat('five\n', '--resume', name.slice(0, 12));
    expect(sent(1).messages).toHaveLength(7);
    const unknown = await chat('', '--resume', 'nothing');
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/No kept conversation begins with "nothing"/),
    ]);
  });

  it('is forgotten after the retention', async () => {
    await chat('old\n', '--store');
    const [old = ''] = readdirSync(folder());
    const long = Date.now() / 1_000 - 31 * 86_400;
    utimesSync(join(folder(), old), long, long);
    await chat('new\n', '--store');
    expect(readdirSync(folder())).toHaveLength(1);
    expect(readdirSync(folder())).not.toContain(old);
  });
});

describe('Ctrl-C', () => {
  it('stops the answer, which is booked and goes on counting; the second leaves', async () => {
    inTurn([{ words: 40, stall: 5 }, { text: 'Later.' }]);
    const child = sandbox.start(['chat']);
    const end = finished(child);
    child.stdin.write('tell me\n');
    await firstMatch(child.stdout, /\w+ \w+/);
    const stopped = firstMatch(child.stderr, /stopped; Ctrl-C again leaves/);
    child.kill('SIGINT');
    await stopped;
    await simulator.requests[0]?.done;
    expect(simulator.requests[0]?.aborted).toBe(true);
    const answered = firstMatch(child.stdout, /Later\./);
    child.stdin.write('and then?\n');
    await answered;
    // What was said before it was stopped is part of the conversation.
    expect(sent(1).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    const rows = await sandbox.run(['costs', 'export', '--format', 'jsonl']);
    expect(
      rows.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).outcome),
    ).toEqual(['aborted', 'success']);
  });
});
