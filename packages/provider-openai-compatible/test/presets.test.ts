import { openaiChat } from '@signalbox/format-openai';
import { describe, expect, it } from 'vitest';
import { anyServer, createOpenAICompatible, openaiCompatible, PRESETS, presets, QUIRK_KINDS } from '../src/index.ts';

describe('the table', () => {
  it('has each id once, and a definition for each', () => {
    const ids = PRESETS.map((preset) => preset.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(presets)).toEqual(ids);
    expect(ids).toEqual(expect.arrayContaining(['mistral', 'groq', 'deepseek', 'xai', 'openrouter', 'together']));
    expect(ids).toEqual(expect.arrayContaining(['cerebras', 'perplexity', 'moonshot', 'qwen', 'zai']));
    expect(ids).toEqual(expect.arrayContaining(['vllm', 'lmstudio', 'llamacpp', 'azure']));
  });

  it.each(PRESETS)('$id: encrypted unless local, a key unless local, only quirks that the format knows', (preset) => {
    const { endpoint, local, keyVariables, quirks } = preset;
    expect(keyVariables.length === 0).toBe(local);
    if (endpoint !== '') expect(new URL(endpoint).protocol).toBe(local ? 'http:' : 'https:');
    for (const [quirk, value] of Object.entries(quirks)) expect(typeof value, quirk).toBe(QUIRK_KINDS[quirk]);
  });

  it.each(PRESETS.filter((preset) => Object.keys(preset.shortNames).length > 0))(
    '$id: short names are active chat models with a known price, and there is a default',
    ({ id, shortNames }) => {
      expect(Object.keys(shortNames)).toContain('default');
      for (const [name, model] of Object.entries(shortNames)) {
        const facts = presets[id]?.catalog.models.find((one) => one.id === model);
        expect(facts, name).toMatchObject({ type: 'chat', status: 'active' });
        expect(facts?.contextWindow, name).toBeGreaterThan(0);
        expect(facts?.prices.length, name).toBeGreaterThan(0);
      }
    },
  );
});

describe('a server of its own', () => {
  const request = {
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    maxOutputTokens: 9,
  } as const;
  const bodyFor = ({ quirks, id }: ReturnType<typeof createOpenAICompatible>) =>
    openaiChat.client.encodeRequest(request, { model: 'm', stream: false, provider: id, quirks }).body;

  it('is spared what only OpenAI understands, and may have quirks', async () => {
    const plain = createOpenAICompatible({ id: 'lab', endpoint: 'https://lab.example' });
    expect(plain).toMatchObject({ id: 'lab', local: false, forwards: true, models: [] });
    expect(bodyFor(plain)).toMatchObject({ max_tokens: 9 });
    const quirky = createOpenAICompatible({
      endpoint: 'https://lab.example',
      forwards: false,
      quirks: { maxTokensField: 'max_output' },
    });
    expect(quirky.forwards).toBe(false);
    expect(bodyFor(quirky)).toMatchObject({ max_output: 9 });
    await Promise.all([plain.close(), quirky.close()]);
  });

  it('has none of the files of OpenAI that a caller of the Responses API names', async () => {
    const source = { kind: 'file', fileId: 'file-1', owner: 'openai-responses' } as const;
    const asked = { system: [], messages: [{ role: 'user', parts: [{ type: 'document', source }] }] } as const;
    const plain = createOpenAICompatible({ id: 'lab', endpoint: 'https://lab.example' });
    for (const [quirks, sent] of [
      [plain.quirks, '[document left out]'],
      [{}, '"file_id":"file-1"'],
    ] as const) {
      const { body, notes } = openaiChat.client.encodeRequest(asked, {
        model: 'm',
        stream: false,
        provider: 'lab',
        quirks,
      });
      expect(JSON.stringify(body)).toContain(sent);
      expect(notes.map(({ action }) => action)).toEqual(quirks === plain.quirks ? ['dropped'] : []);
    }
    await plain.close();
  });

  it('needs an endpoint, and names a quirk that is misspelt', () => {
    expect(() => anyServer.create({ id: 'lab' })).toThrow(/providers\.lab needs an endpoint/);
    expect(() => presets.azure?.create({ apiKey: 'k' })).toThrow(/providers\.azure needs an endpoint: Azure OpenAI/);
    const options = { quirks: { maxTokenField: 'max_tokens' } };
    expect(() => anyServer.create({ endpoint: 'https://lab.example', options })).toThrow(
      /quirks\.maxTokenField is wrong: unknown quirk; did you mean "maxTokensField"\?/,
    );
  });

  it.each([
    [{ quirk: {} }, 'unknown key; did you mean "quirks"?'],
    [{ quirks: { topK: 'yes' } }, 'expected a boolean'],
    [{ forwards: 'no' }, 'expected true or false'],
    [{ authentication: 'basic' }, 'expected bearer or api-key'],
    [{ quirks: { __proto__x: 1 } }, 'unknown quirk'],
  ])('refuses the options %j: %s', async (options, message) => {
    const result = await anyServer.optionsSchema?.['~standard'].validate(options);
    expect(result?.issues?.map((issue) => issue.message)).toEqual([message]);
  });

  it('can be a preset of a program’s own', async () => {
    const [first] = PRESETS;
    if (first === undefined) expect.unreachable();
    const slice = { generated: '2026-11-22', sources: {}, models: [], aliases: {} };
    const acme = openaiCompatible({ ...first, id: 'acme', displayName: 'Acme', shortNames: {} }, slice);
    expect(acme).toMatchObject({ id: 'acme', displayName: 'Acme', contract: 1, catalog: slice });
    const provider = acme.create({ apiKey: 'k', options: { quirks: { toolCallIdLength: 12 } } });
    expect(provider.quirks).toMatchObject({ toolCallIdLength: 12, seedField: 'random_seed' });
    await provider.close();
  });
});
