import { startSimulator } from '@signalbox/simulator';
import { untilStopped } from '../serving/until-stopped.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

/** `signalbox simulate`: the simulator over HTTP, until it is stopped. */
export async function simulate(options: { port: number; seed: number }): Promise<number> {
  const simulator = await startSimulator({ port: options.port, seed: options.seed });
  say(`signalbox simulates on ${simulator.url}: Anthropic Messages, Chat Completions, Responses, Gemini, Ollama`);
  await untilStopped();
  await simulator.close();
  return EXIT.success;
}
