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
  const warning = (sentence: string) => say(`warning: ${sentence}`);
  const script = await trustedScript(await loadConfigurationHere(options), warning);
  if (script === undefined) {
    throw new RouterError({
      kind: 'usage',
      message: 'There is no .claude-code/router.js to ask: write one in the project or in your home, and trust it.',
    });
  }
  const ready = await loadRouter({ config: options.config });
  try {
    const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: prompt }] }];
    const inbound = inboundFromRequest({ model: 'auto', system: [], messages, stream: false });
    const { reason, order, strategy } = await ready.router.explain({ inbound });
    const passedOver = /\brouter\.js was passed over: /.test(reason);
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
