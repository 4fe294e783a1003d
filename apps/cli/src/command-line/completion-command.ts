import { Argument, type Command } from 'commander';
import type { Shell } from '../completion/shell-scripts.ts';
import { EXIT } from '../terminal/exit-code.ts';
import type { Run } from './cost-commands.ts';

/** Adds `signalbox completion`. */
export function addCompletionCommand(program: Command, run: Run): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and names in your shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish', 'powershell']))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(signalbox completion bash)     in ~/.bashrc\n  source <(signalbox completion zsh)      in ~/.zshrc, behind compinit\n  signalbox completion fish | source      in ~/.config/fish/config.fish\n  signalbox completion powershell | Out-String | Invoke-Expression   in $PROFILE\n\nModels, providers, strategies and chains are those of the configuration of the folder you are in.',
    )
    .action((shell: Shell) =>
      run(async () => {
        const { SHELL_SCRIPTS } = await import('../completion/shell-scripts.ts');
        process.stdout.write(SHELL_SCRIPTS[shell]);
        return EXIT.success;
      })(),
    );
}
