import {
  asArray,
  asObject,
  asString,
  notOfAnApi,
  type Provider,
  ProviderError,
  parseJson,
  type WireReply,
} from '@signalbox/core';

/** What a look at a provider showed. */
export interface Probe {
  /**
   * `ok`: it answers and takes the key. `refused`: it does not take the key. `unclear`: it answers, but does not say whether the key is good. `failing`: it
   * answers with an error of its own. `foreign`: something answers that is not its API. `unreachable`: nobody answers.
   */
  readonly state: 'ok' | 'refused' | 'unclear' | 'failing' | 'foreign' | 'unreachable';
  /** A clause for people: `HTTP 401: invalid x-api-key`. */
  readonly detail: string;
  readonly status?: number | undefined;
  /** Names of its models, where it lists them. */
  readonly models: readonly string[];
  /** Its clock, Unix milliseconds, from the `date` header. */
  readonly clock?: number | undefined;
  readonly durationMs: number;
}

/** Where a format's servers list their models, below the base address with its version. */
const LIST_PATHS: Readonly<Record<string, string>> = { 'ollama-chat': '/api/tags' };
/** Whose list of models is open to everybody, and what tells of the key instead (openrouter.ai/docs/api-reference/get-current-api-key). */
const KEY_PATHS: Readonly<Record<string, string>> = { 'openrouter.ai': '/key' };

const PATIENCE_MS = 10_000;

/** Asks a provider for its models: the cheapest call there is, free of charge everywhere. Never throws. */
export async function probeProvider(provider: Provider, endpoint: string, key?: string): Promise<Probe> {
  const began = Date.now();
  const took = () => Date.now() - began;
  try {
    const reply = await provider.send({
      method: 'GET',
      path: KEY_PATHS[new URL(endpoint).hostname] ?? LIST_PATHS[provider.format.id] ?? '/models',
      headers: provider.format.id.startsWith('anthropic') ? { 'anthropic-version': '2023-06-01' } : {},
      body: '',
      stream: false,
      key,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = Buffer.from(await reply.bytes()).toString('utf8');
    const date = Date.parse(reply.headers.date ?? '');
    const clock = Number.isNaN(date) ? undefined : date;
    return { ...judge(reply, text, provider.id), status: reply.status, clock, durationMs: took() };
  } catch (error) {
    // The only one who gives up here is our own clock.
    const isOver = !ProviderError.is(error) || error.kind === 'aborted';
    const detail = isOver ? `nothing came within ${PATIENCE_MS / 1_000} s` : error.message;
    return { state: 'unreachable', detail: detail.replace(/\.$/, ''), models: [], durationMs: took() };
  }
}

function judge(reply: WireReply, text: string, provider: string): Pick<Probe, 'state' | 'detail' | 'models'> {
  const { status } = reply;
  // A server that has no list of models may well say so in a page of its framework's.
  const mayBeItsOwn = status >= 500 || status === 404 || status === 405;
  const foreign = mayBeItsOwn ? undefined : notOfAnApi(reply, text, provider);
  if (foreign !== undefined) return { state: 'foreign', detail: foreign.replace(/\.$/, ''), models: [] };
  const said = messageIn(text);
  const detail = `HTTP ${status}${said === undefined ? '' : `: ${said}`}`;
  if (status < 300 && parseJson(text) === undefined)
    return { state: 'foreign', detail: `${provider} answered with something that is not JSON`, models: [] };
  if (status < 300) return { state: 'ok', detail: '', models: modelsIn(text) };
  // Google says of a wrong key that the argument is invalid.
  const isAboutKey = status === 400 && /api.?key/i.test(text);
  if (status === 401 || status === 403 || isAboutKey) return { state: 'refused', detail, models: [] };
  // Who counts our requests has taken the key.
  if (status === 429) return { state: 'ok', detail, models: [] };
  return { state: status >= 500 ? 'failing' : 'unclear', detail, models: [] };
}

function modelsIn(text: string): readonly string[] {
  const body = asObject(parseJson(text));
  return [...asArray(body?.data), ...asArray(body?.models)].flatMap((one) => {
    const name = asString(asObject(one)?.id) ?? asString(asObject(one)?.name);
    return name === undefined ? [] : [name.replace(/^models\//, '')];
  });
}

/** A provider's own words about an error, in one short line. */
function messageIn(text: string): string | undefined {
  const body = asObject(parseJson(text));
  const message = asString(asObject(body?.error)?.message) ?? asString(body?.error) ?? asString(body?.message);
  const line = message?.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line === undefined || line === '' ? undefined : line.slice(0, 160);
}
