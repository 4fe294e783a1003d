import { describe, expect, it } from 'vitest';
import type { EncodeContext, ModelRequest } from '../packages/core/src/index.ts';
import { anthropicMessages } from '../packages/format-anthropic/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';

const MARK = 'x-anthropic-billing-header: cc_version=2.1.330.572; cc_entrypoint=cli; cch=36ee5;';
const request = (first: string): ModelRequest =>
  anthropicMessages.server.decodeRequest(
    {
      model: 'm',
      max_tokens: 100,
      system: [
        { type: 'text', text: first },
        { type: 'text', text: 'You are an agent.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [{ role: 'user', content: 'Hello' }],
    },
    '/v1/messages',
  );
const context: EncodeContext = { model: 'm', provider: 'p', stream: false, quirks: {} };

describe('the line that Claude Code writes to Anthropic, another with each request', () => {
  it.each(FORMATS.map(({ format }) => format).filter(({ id }) => id !== anthropicMessages.id))(
    'does not go to others: $id',
    (format) => {
      const { body, notes } = format.client.encodeRequest(request(MARK), context);
      const text = JSON.stringify(body);
      expect(text).not.toContain('billing');
      expect(text).toContain('You are an agent.');
      // It is no loss, and where the others stood is still said right.
      expect(notes.map(({ field, action }) => `${action} ${field}`).toSorted()).toEqual([
        'approximated system[1].cache',
        'mapped system[0]',
      ]);
      const joined = format.client.encodeRequest(request(`${MARK}\nBe brief.`), context);
      expect(JSON.stringify(joined.body)).toContain('Be brief.');
      expect(JSON.stringify(joined.body)).not.toContain('billing');
    },
  );

  it('reaches Anthropic as it came', () => {
    const { body } = anthropicMessages.client.encodeRequest(request(MARK), context);
    expect(body.system).toMatchObject([{ text: MARK }, { text: 'You are an agent.' }]);
  });
});
