import type { Command } from 'commander';
import type { PromptOptions } from '../prompt/send-prompt.ts';
import type { Run } from './cost-commands.ts';
import { requestOptions } from './request-options.ts';

/** `signalbox explain`: who would answer. */
export function addExplainCommand(program: Command, run: Run): void {
  requestOptions(program.command('explain'))
    .description('say to whom a prompt would go and why, without a call')
    .argument('[prompt...]', 'the prompt; without one it is read from the standard input')
    .option('--json', 'print the decision as JSON', false)
    .option('-q, --quiet', 'nothing on stderr but errors', false)
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText('after', '\nExample:\n  signalbox explain --strategy cost_optimized "Fix the typo in the README"')
    .action((prompt: string[], options: Omit<PromptOptions, 'stream' | 'verbose' | 'cache'>) =>
      run(async () => {
        const { sendPrompt } = await import('../prompt/send-prompt.ts');
        return sendPrompt(prompt, { ...options, explain: true, stream: false, cache: false, verbose: false });
      })(),
    );
}

/** `signalbox models`: what the catalogue knows. */
export function addModelsCommand(program: Command, run: Run): void {
  program
    .command('models')
    .description('list the models that are known, or search them')
    .argument('[text...]', 'words that the id or name must hold')
    .option('-p, --provider <name>', 'only this provider')
    .option('--all', 'retired models and embeddings too', false)
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExamples:\n  signalbox models sonnet\n  signalbox models --provider openai --json')
    .action((text: string[], options: { provider?: string; all: boolean; json: boolean }) =>
      run(async () => (await import('../commands/models.ts')).models(text, options))(),
    );
}

/** `signalbox analyze`: what kind of task a prompt is. */
export function addAnalyzeCommand(program: Command, run: Run): void {
  program
    .command('analyze')
    .alias('analyse')
    .description('say what kind of task prompts are and how hard, without a call')
    .argument('[prompt...]', 'the prompt; without one it is read from the standard input')
    .option('--jsonl', 'read lines of {"id", "prompt"} and write one line of JSON for each', false)
    .option('--models <names>', 'expect the quality of these models, separated by commas')
    .addHelpText('after', '\nExamples:\n  signalbox analyze "Prove it"\n  signalbox analyze --jsonl < prompts.jsonl')
    .action((prompt: string[], options: { jsonl: boolean; models?: string }) =>
      run(async () => (await import('../commands/analyze.ts')).analyze(prompt, options))(),
    );
}
