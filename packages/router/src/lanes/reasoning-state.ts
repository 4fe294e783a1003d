import {
  createResponseFold,
  DEEPEST_JSON,
  isDeeperThan,
  type Message,
  type ModelRequest,
  type ModelResponse,
  type Part,
  parseJson,
  type ReasoningPart,
  type ReasoningSignature,
  type StreamEvent,
  type ToolCallPart,
  type Vault,
} from '@signalbox/core';

/** What is kept for one tool call: the thoughts that stand before it, and the signature that rides on it. */
interface KeptState {
  readonly reasoning: readonly ReasoningPart[];
  readonly signature?: ReasoningSignature | undefined;
}

/**
 * Keeps the reasoning state of an answer for each of its tool calls. The thoughts before the first call of a row belong to all calls of it:
 * whichever comes back first finds them.
 */
export async function keepReasoning(
  response: ModelResponse,
  issuer: string,
  tenant: string,
  vault: Vault,
): Promise<void> {
  for (const { parts } of [response, ...(response.others ?? [])]) await keepAnswer(parts, issuer, tenant, vault);
}

async function keepAnswer(parts: readonly Part[], issuer: string, tenant: string, vault: Vault): Promise<void> {
  let reasoning: ReasoningPart[] = [];
  let afterCall = false;
  for (const part of parts) {
    if (part.type === 'reasoning' && issuerOf(part) === issuer) {
      if (afterCall) reasoning = [];
      afterCall = false;
      reasoning.push(part);
    } else if (part.type === 'tool-call') {
      afterCall = true;
      const signature = part.signature?.issuer === issuer ? part.signature : undefined;
      if (reasoning.length === 0 && signature === undefined) continue;
      const state: KeptState = { reasoning, signature };
      vault.put({ tenant, issuer, callId: part.id, contentHash: await contentHash(part) }, JSON.stringify(state));
    }
  }
}

/**
 * The request with the reasoning state that its tool calls lost on their way through a caller who has no place for it. What is there
 * already stays; what was issued by somebody else is never looked for.
 */
export async function restoreReasoning(
  request: ModelRequest,
  issuer: string,
  tenant: string,
  vault: Vault,
): Promise<ModelRequest> {
  const messages = await Promise.all(request.messages.map((message) => restoreMessage(message, issuer, tenant, vault)));
  return messages.some((message, index) => message !== request.messages[index]) ? { ...request, messages } : request;
}

async function restoreMessage(message: Message, issuer: string, tenant: string, vault: Vault): Promise<Message> {
  if (message.role !== 'assistant' || !message.parts.some((part) => part.type === 'tool-call')) return message;
  const hasReasoning = message.parts.some((part) => part.type === 'reasoning' && issuerOf(part) === issuer);
  const parts: Part[] = [];
  let restored = false;
  let reasoningIsThere = hasReasoning;
  for (const part of message.parts) {
    const kept = part.type === 'tool-call' ? await find(part, issuer, tenant, vault) : undefined;
    if (kept === undefined || part.type !== 'tool-call') {
      parts.push(part);
      continue;
    }
    if (!reasoningIsThere && kept.reasoning.length > 0) {
      parts.push(...kept.reasoning);
      reasoningIsThere = true;
      restored = true;
    }
    if (part.signature === undefined && kept.signature !== undefined) restored = true;
    parts.push({ ...part, signature: part.signature ?? kept.signature });
  }
  return restored ? { ...message, parts } : message;
}

async function find(part: ToolCallPart, issuer: string, tenant: string, vault: Vault): Promise<KeptState | undefined> {
  const text = vault.get({ tenant, issuer, callId: part.id, contentHash: await contentHash(part) });
  return text === undefined ? undefined : (parseJson(text) as unknown as KeptState | undefined);
}

const issuerOf = (part: ReasoningPart) => part.signature?.issuer ?? part.encrypted?.issuer;

/** SHA-256 of a call's name and arguments; spelling of the JSON does not matter, since callers write it anew. */
async function contentHash(part: ToolCallPart): Promise<string> {
  const parsed = part.arguments === '' ? {} : parseJson(part.arguments);
  // What is nested deeper than the stack is known by its spelling alone.
  const isText = parsed === undefined || isDeeperThan(DEEPEST_JSON, parsed);
  const content = JSON.stringify([part.name, isText ? part.arguments : sorted(parsed)]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return Buffer.from(digest).toString('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Watches an answer's events and keeps its reasoning state when it ends in tool calls. Costs nothing for answers without any. */
export function createReasoningWatch(issuer: string, tenant: string, vault: Vault) {
  const fold = createResponseFold();
  let worthKeeping = false;
  return {
    add(event: StreamEvent): void {
      const { type } = event;
      const brought = type === 'other-answer' ? event.event : event;
      if (
        brought.type === 'reasoning-signature' ||
        (brought.type === 'tool-call-start' && brought.signature !== undefined)
      )
        worthKeeping = true;
      if (
        type === 'other-answer' ||
        type === 'reasoning-delta' ||
        type === 'reasoning-signature' ||
        type === 'tool-call-start' ||
        type === 'tool-call-delta'
      ) {
        fold.add(event);
      }
    },
    async end(): Promise<void> {
      if (worthKeeping) await keepReasoning(fold.response(), issuer, tenant, vault);
    },
  };
}
