import { RouterError } from '@signalbox/core';
import type { ProviderHealth } from '@signalbox/gateway';
import { EXIT } from '../terminal/exit-code.ts';
import { outputColors } from '../terminal/output-colors.ts';

const WAIT_MS = 5_000;

/** `signalbox health`: what a running gateway knows of its providers. Exits with 1 where a provider is down. */
export async function health(options: { url: string; json: boolean }): Promise<number> {
  const providers = await ask(options.url);
  if (options.json) process.stdout.write(`${JSON.stringify({ providers }, null, 2)}\n`);
  else process.stdout.write(`${table(providers).join('\n')}\n`);
  return providers.some((one) => one.state === 'down') ? EXIT.failure : EXIT.success;
}

async function ask(url: string): Promise<readonly ProviderHealth[]> {
  if (!URL.canParse(url)) {
    throw new RouterError({ kind: 'usage', message: `"${url}" is no URL: write it like http://127.0.0.1:4141.` });
  }
  const target = new URL('/health/providers', url);
  try {
    const key = process.env.SIGNALBOX_KEY;
    const headers: Record<string, string> = key === undefined || key === '' ? {} : { 'x-signalbox-key': key };
    const answer = await fetch(target, { headers, signal: AbortSignal.timeout(WAIT_MS) });
    if (answer.status === 401) throw wantsKey(target);
    const { providers } = (await answer.json()) as { providers?: readonly ProviderHealth[] };
    if (answer.status === 200 && providers !== undefined) return providers;
  } catch (error) {
    if (RouterError.is(error)) throw error;
    if (error instanceof SyntaxError) throw notOurs(target);
    throw new RouterError({
      kind: 'usage',
      message: `No gateway answers at ${target.origin}: start one with "signalbox serve", or name it with --url.`,
    });
  }
  throw notOurs(target);
}

function wantsKey({ origin }: URL): RouterError {
  const message = `The gateway at ${origin} wants a key: put one that opens it into SIGNALBOX_KEY.`;
  return new RouterError({ kind: 'usage', message });
}

function notOurs({ origin }: URL): RouterError {
  return new RouterError({ kind: 'usage', message: `What answers at ${origin} is no Signalbox gateway.` });
}

function table(providers: readonly ProviderHealth[]): string[] {
  const colors = outputColors(process.stdout);
  const paint = { ok: colors.green, degraded: colors.yellow, down: colors.red };
  return providers.flatMap(({ provider, state, endpoints, models }) => [
    `${provider}  ${paint[state](state)}`,
    ...endpoints
      .filter((one) => one.state !== 'closed')
      .map(({ model, key, state: of, reason, until }) => {
        const which = key === undefined ? model : `${model}, ${key}`;
        return `  ${which}: ${of} (${reason ?? 'unknown'})${until === undefined ? '' : `, until ${until}`}`;
      }),
    ...models.map(({ model, calls, failure_share, first_content_ms, tokens_per_second }) => {
      const figures = [`${calls} ${calls === 1 ? 'call' : 'calls'}`, `${Math.round(failure_share * 100)} % failed`];
      if (first_content_ms.p50 !== undefined)
        figures.push(`first content ${first_content_ms.p50} ms (p99 ${first_content_ms.p99} ms)`);
      if (tokens_per_second !== undefined) figures.push(`${tokens_per_second} tokens/s`);
      return `  ${model}: ${figures.join(' · ')}`;
    }),
  ]);
}
