import {
  type Candidate,
  type Clock,
  type Inbound,
  type Provenance,
  ProviderError,
  parseJson,
  type RequestBytes,
} from '@signalbox/core';
import { credentialsFor } from './caller/caller-credentials.ts';
import { forwardedHeaders } from './caller/forwarded-headers.ts';
import { deepRequest } from './lanes/request-json.ts';
import { measureNeeds } from './request/measure-needs.ts';

/** The tokens of a request's input, and where the figure comes from. */
export interface TokenCount {
  readonly inputTokens: number;
  /** `counted` by the provider, or `estimated` by us, biased high. */
  readonly provenance: Provenance;
  readonly candidate: Candidate;
}

const TIMEOUT_MS = 10_000;
/** An estimate that is too low makes a client overrun a window; one that is too high makes it tidy up early. */
const BIAS = 1.2;

/** Asks the candidate's provider where it counts; estimates where it doesn't, or can't be reached. */
export async function countTokens(
  candidate: Candidate,
  inbound: Inbound,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<TokenCount> {
  const counted = await askProvider(candidate, inbound, clock, signal);
  if (counted !== undefined) return { inputTokens: counted, provenance: 'counted', candidate };
  const inputTokens = Math.ceil(measureNeeds(inbound.request()).inputTokens * BIAS);
  return { inputTokens, provenance: 'estimated', candidate };
}

async function askProvider(
  candidate: Candidate,
  inbound: Inbound,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const { provider, facts } = candidate;
  const { tokenCounting } =
    [provider.format, ...(provider.alsoSpeaks ?? [])].find((format) => format.tokenCounting) ?? {};
  if (tokenCounting === undefined) return undefined;
  const controller = new AbortController();
  const abort = () => controller.abort();
  const cancel = clock.after(TIMEOUT_MS, abort);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const question = tokenCounting.encodeRequest(inbound.request(), {
      model: candidate.model,
      stream: false,
      provider: provider.id,
      quirks: provider.quirks,
      capabilities: facts.capabilities,
      maxOutput: facts.maxOutput,
    });
    const own = callersQuestion(candidate, inbound, question.path);
    const reply = await provider.send({
      path: own?.path ?? question.path,
      headers: { ...question.headers, ...own?.headers },
      body: own?.body ?? JSON.stringify(question.body),
      stream: false,
      credentials: credentialsFor(candidate, inbound),
      signal: controller.signal,
    });
    const answer = parseJson(new TextDecoder().decode(await reply.bytes()));
    return reply.status === 200 ? tokenCounting.decodeResponse(answer) : undefined;
  } catch (error) {
    // Counting is a courtesy: a provider that can't be reached now leaves an estimate. Faults of ours are not hidden.
    if (ProviderError.is(error)) return undefined;
    throw deepRequest(error);
  } finally {
    cancel();
    signal?.removeEventListener('abort', abort);
  }
}

/** The question in the caller's own bytes, where the provider takes them: fields and betas that we know nothing of count too. */
function callersQuestion(
  { provider, model }: Candidate,
  { wire, head, mustDecode }: Inbound,
  path: string,
): { readonly path: string; readonly headers: Record<string, string>; readonly body: RequestBytes } | undefined {
  if (wire?.format.id !== provider.format.id || !provider.forwards || mustDecode === true) return undefined;
  // Where the model stands in the path alone, it may be repeated further in.
  if (head.model !== model && head.modelRange === undefined) return undefined;
  const forwarded = wire.format.server.forwardRequest(wire.body, head, model, wire.path);
  const query = forwarded.path.includes('?') ? forwarded.path.slice(forwarded.path.indexOf('?')) : '';
  return {
    path: `${path}${query}`,
    headers: { ...forwarded.headers, ...forwardedHeaders(wire.headers) },
    body: forwarded.body,
  };
}
