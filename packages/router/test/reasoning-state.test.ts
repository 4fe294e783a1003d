import type { ModelRequest, ModelResponse, Part, ReasoningPart, ToolCallPart } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createMemoryVault } from '../src/index.ts';
import { keepReasoning, restoreReasoning } from '../src/lanes/reasoning-state.ts';

const thought = (text: string, issuer = 'acme'): ReasoningPart => ({
  type: 'reasoning',
  text,
  signature: { issuer, value: `signed ${text}` },
});
const call = (id: string, rest: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'look',
  arguments: '{"a":1,"b":2}',
  ...rest,
});
const answer = (...parts: Part[]): ModelResponse => ({ parts, finish: { reason: 'tool-calls' } });
const comesBack = (...parts: Part[]): ModelRequest => ({ system: [], messages: [{ role: 'assistant', parts }] });

async function roundTrip(kept: ModelResponse, back: ModelRequest, options: { issuer?: string; tenant?: string } = {}) {
  const vault = createMemoryVault();
  await keepReasoning(kept, 'acme', 'tenant', vault);
  const restored = await restoreReasoning(back, options.issuer ?? 'acme', options.tenant ?? 'tenant', vault);
  return restored.messages[0]?.parts;
}

describe('reasoning state that a caller could not carry', () => {
  it('is back before its tool call, in its order, once', async () => {
    const kept = answer(thought('one'), thought('two'), call('c1'), call('c2'));
    expect(await roundTrip(kept, comesBack(call('c1'), call('c2')))).toEqual([
      thought('one'),
      thought('two'),
      call('c1'),
      call('c2'),
    ]);
  });

  it('is found by the second call where the first is gone', async () => {
    const kept = answer(thought('one'), call('c1'), call('c2'));
    expect(await roundTrip(kept, comesBack(call('c2')))).toEqual([thought('one'), call('c2')]);
  });

  it('rides on the call where it was given with the call', async () => {
    const signature = { issuer: 'acme', value: 'sig' };
    expect(await roundTrip(answer(call('c1', { signature })), comesBack(call('c1')))).toEqual([
      call('c1', { signature }),
    ]);
  });

  it('does not mind that the caller spells the arguments anew', async () => {
    const back = call('c1', { arguments: '{ "b": 2, "a": 1 }' });
    expect(await roundTrip(answer(thought('one'), call('c1')), comesBack(back))).toEqual([thought('one'), back]);
  });

  it('is not doubled where the caller did carry it', async () => {
    const back = [thought('one'), call('c1')];
    expect(await roundTrip(answer(thought('one'), call('c1')), comesBack(...back))).toEqual(back);
  });

  it('goes to nobody else: not to another issuer, not to another tenant, not for other arguments', async () => {
    const kept = answer(thought('one'), call('c1'));
    expect(await roundTrip(kept, comesBack(call('c1')), { issuer: 'other' })).toEqual([call('c1')]);
    expect(await roundTrip(kept, comesBack(call('c1')), { tenant: 'other' })).toEqual([call('c1')]);
    const forged = call('c1', { arguments: '{"a":2}' });
    expect(await roundTrip(kept, comesBack(forged))).toEqual([forged]);
  });

  it('of another issuer is not kept', async () => {
    expect(await roundTrip(answer(thought('one', 'other'), call('c1')), comesBack(call('c1')))).toEqual([call('c1')]);
  });
});

describe('the vault in memory', () => {
  const key = (callId: string) => ({ tenant: 't', issuer: 'i', callId, contentHash: 'h' });

  it('forgets the oldest above its capacity', () => {
    const vault = createMemoryVault({ capacity: 2 });
    for (const id of ['a', 'b', 'c']) vault.put(key(id), id);
    expect(['a', 'b', 'c'].map((id) => vault.get(key(id)))).toEqual([undefined, 'b', 'c']);
  });

  it('forgets after the time to live', () => {
    const clock = createManualClock();
    const vault = createMemoryVault({ timeToLiveMs: 1_000, clock });
    vault.put(key('a'), 'a');
    clock.advance(999);
    expect(vault.get(key('a'))).toBe('a');
    clock.advance(1);
    expect(vault.get(key('a'))).toBeUndefined();
  });
});
