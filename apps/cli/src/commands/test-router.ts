import { basename } from 'node:path';
import { inboundFromRequest, RouterError } from '@signalbox/core';
import { loadConfigurationHere, loadRouter, trustedScript } from '../configuration/load-router.ts';
import { readPrompt } from '../prompt/read-prompt.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

/** `signalbox config test-router "prompt"`: what `.claude-code/router.js` says to a prompt, without a call. Exit code 1 where it is passed over. */
export async function testRouter(
  words: readonly string[],
  options: { config?: string | undefined; json?: boolean | undefined },
): Promise<number> {
  const prompt = await readPrompt(words);
  const loaded = await loadConfigurationHere(options);
  const warning = (sentence: string) => say(`warning: ${sentence}`);
  const script = await trustedScript(loaded, loaded.homeScript === undefined ? undefined : warning);
  if (script === undefined) {
    const { projectScript } = loaded;
    const message =
      projectScript === undefined
        ? 'There is no .claude-code/router.js to ask: write one in the project (and trust it) or in your home.'
        : `${projectScript} is not trusted, so it is not asked: read it, then run "signalbox trust" here.`;
    throw new RouterError({ kind: 'usage', message });
  }
  const ready = await loadRouter({ config: options.config });
  try {
    const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: prompt }] }];
    const inbound = inboundFromRequest({ model: 'auto', system: [], messages, stream: false });
    const { reason, order, strategy } = await ready.router.explain({ inbound });
    const passedOver = reason.includes(`${basename(script.file)} was passed over: `);
    const winner = order[0]?.candidate;
    if (options.json === true) {
      const shown = { script: script.file, winner: winner ?? null, strategy, reason, passedOver };
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    } else {
      process.stdout.write(
        `script    ${script.file}\nwinner    ${winner ?? 'nobody'}\nbecause   ${strategy}: ${reason}\n`,
      );
    }
    return passedOver ? EXIT.failure : EXIT.success;
  } finally {
    await ready.close();
  }
}
