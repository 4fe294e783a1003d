import { codeBlocksOf, pages } from '../../structure/markdown.ts';
import { type Check, requireInstalled, requireText } from '../check.ts';
import { PROVIDER_STRANGERS, routerClosure, SETUP_STRANGERS, setupClosure } from '../closures.ts';

/** The most lines that a first program may have. */
const MOST_LINES = 15;

/** The program of the README that begins with these words. */
function readmeProgram(page: string, beginning: string): string {
  const shown = pages()
    .filter(({ path }) => path === page)
    .flatMap(codeBlocksOf);
  const program = shown.find(({ language, text }) => language === 'ts' && text.includes(beginning))?.text;
  if (program === undefined) throw new Error(`${page} shows no program with ${beginning}`);
  const lines = program.trim().split('\n').length;
  if (lines > MOST_LINES) throw new Error(`the program in ${page} has ${lines} lines; ${MOST_LINES} are the most`);
  return program;
}

export const library: Check = {
  name: 'router + provider-anthropic: the program of README.md',
  async run({ project, simulator }) {
    const program = readmeProgram('README.md', "from '@signalbox/router'");
    const empty = project('library');
    await empty.install('@signalbox/router', '@signalbox/provider-anthropic');
    requireInstalled(empty, routerClosure('provider-anthropic'), PROVIDER_STRANGERS);
    empty.write('program.ts', program);
    const env = { ANTHROPIC_API_KEY: 'sample', ANTHROPIC_BASE_URL: simulator };
    const printed = await empty.node(['program.ts'], env);
    requireText('what it prints', printed, /simulated[\s\S]*→ anthropic\/claude-sonnet-4-5/);
    return `${program.trim().split('\n').length} lines, ${empty.installed().length} packages`;
  },
};

export const configured: Check = {
  name: 'setup + provider-anthropic: the program of its README',
  async run({ project, simulator }) {
    const program = readmeProgram('packages/setup/README.md', "from '@signalbox/setup'");
    const empty = project('setup');
    await empty.install('@signalbox/setup', '@signalbox/config', '@signalbox/provider-anthropic');
    requireInstalled(empty, setupClosure('provider-anthropic'), SETUP_STRANGERS);
    empty.write('program.ts', program);
    const configuration = `providers:\n  anthropic: { endpoint: "${simulator}", models: [claude-sonnet-4-5] }\n`;
    empty.write('.claude-code/router-config.yml', configuration);
    const env = { ANTHROPIC_API_KEY: 'sample' };
    requireText('what it prints', await empty.node(['program.ts'], env), /simulated/);

    // Whoever configures a provider that is not there is told what to install.
    empty.write('.claude-code/router-config.yml', `${configuration}  openai: { models: [gpt-4-turbo] }\n`);
    const { code, stderr } = await empty.run(process.execPath, ['program.ts'], { ...env, HOME: empty.folder });
    if (code === 0) throw new Error('a configured provider without its package went unnoticed');
    requireText('what it says of a missing package', stderr, /npm install @signalbox\/provider-openai\b/);
    return `${empty.installed().length} packages; a missing provider is named`;
  },
};
