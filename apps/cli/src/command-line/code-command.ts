import type { Command } from 'commander';

/** Adds `signalbox code`. */
export function addCodeCommand(program: Command, run: (action: () => Promise<number>) => () => Promise<void>): void {
  program
    .command('code')
    .description('start Claude Code, Codex, Gemini CLI or opencode with its requests routed')
    .argument('[args...]', "the client's own arguments")
    .option('--client <name>', 'claude, codex, gemini or opencode', 'claude')
    .option('--gateway <url>', 'a gateway that runs already (its key in SIGNALBOX_KEY); default: one of its own')
    .option('--own-login', 'with --gateway: Claude Code keeps its own login, which that gateway sends on to Anthropic')
    .option('--router-config <file>', 'use this configuration file of Signalbox')
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox code\n  signalbox code -p "Explain this repository"\n  signalbox code --client codex exec "Fix the tests"\n  signalbox code --model claude-opus-4-1        this model and no other\n\nEvery request is routed (routing.apply_to: all) unless --model is among the arguments. No file of the client is changed.',
    )
    .action((args: string[], options: { client: string; gateway?: string; ownLogin?: true; routerConfig?: string }) =>
      run(async () => {
        const { code } = await import('../commands/code.ts');
        const { client, gateway, ownLogin, routerConfig: config } = options;
        return code(args, { client, gateway, ownLogin, config });
      })(),
    );
}
