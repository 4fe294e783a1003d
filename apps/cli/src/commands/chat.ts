import { homedir } from 'node:os';
import { createChatSession } from '../chat/chat-session.ts';
import { choiceWords, type RouteChoice } from '../chat/conversation.ts';
import {
  conversationFolder,
  findConversation,
  openConversation,
  pruneConversations,
  readConversation,
} from '../chat/conversation-store.ts';
import { watchInterrupts } from '../chat/interrupts.ts';
import { isTerminal, pipeReader, terminalReader } from '../chat/line-reader.ts';
import { runSlashCommand, slashNames } from '../chat/slash-commands.ts';
import { warn } from '../configuration/announcements.ts';
import { type LoadedRouter, loadRouter } from '../configuration/load-router.ts';
import { privacyOf } from '../prompt/choose-route.ts';
import { EXIT, exitCodeFor } from '../terminal/exit-code.ts';
import { outputColors } from '../terminal/output-colors.ts';
import { reportError } from '../terminal/report-error.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

export interface ChatCommand extends RouteChoice {
  /** Only local providers. */
  readonly private?: boolean | undefined;
  readonly system?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stream: boolean;
  readonly cache: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly config?: string | undefined;
  /** Keep the conversation; default: what chat.store says. */
  readonly store?: boolean | undefined;
  /** Go on with a kept conversation: its id, or `true` for the latest. */
  readonly resume?: string | true | undefined;
}

const DAY_MS = 86_400_000;
const RETENTION_MS = 30 * DAY_MS;

/**
 * `signalbox chat`: a conversation, in the terminal or from a pipe. The first Ctrl-C stops an answer, which is booked as far as it came; the second leaves.
 * Answers go to stdout, everything else to stderr.
 */
export async function chat(options: ChatCommand): Promise<number> {
  const tell = (label: string) => (sentence: string) => {
    if (!options.quiet) say(`${label}: ${sentence}`);
  };
  const onFault = tell('warning');
  const ready = await loadRouter({
    config: options.config,
    overrides: privacyOf(options),
    onLedgerFault: onFault,
    onCacheFault: onFault,
    onWarning: onFault,
    say: tell('budget'),
  });
  try {
    warn(ready, { quiet: options.quiet });
    return await converse(ready, options);
  } finally {
    await ready.close();
  }
}

async function converse(ready: LoadedRouter, options: ChatCommand): Promise<number> {
  const { session, file } = openSession(ready, options);
  const terminal = isTerminal();
  const shows = terminal && !options.quiet;
  const colors = outputColors(process.stderr);
  if (shows) {
    const text = greeting(ready, choiceWords(session.choice), file?.id, session.turns.length);
    say(colors.dim(wrapped(text, terminalWidth(process.stderr), '  ')));
  }
  const title = `chat-${file?.id ?? new Date().toISOString().slice(0, 10)}`;
  const reader = terminal ? terminalReader(slashNames) : pipeReader();
  const interrupts = watchInterrupts();
  let code: number = EXIT.success;

  async function answering(work: (signal: AbortSignal) => Promise<unknown> | undefined): Promise<void> {
    const outcome = await interrupts.during(work);
    if (outcome === 'failed') code = EXIT.failure;
    if (outcome === 'stopped') say(colors.dim('stopped; Ctrl-C again leaves'));
  }

  /** Does what a line says; `leave`: it says that the conversation is over. */
  async function take(line: string): Promise<unknown> {
    if (line.startsWith('/')) return runSlashCommand(line, { session, ready, title, answering, say });
    return answering((signal) => session.ask(line.trim(), signal));
  }

  try {
    while (!interrupts.isLeaving) {
      const entered = await Promise.race([reader.next(), interrupts.left]);
      if (entered.kind === 'end') break;
      if (entered.kind === 'interrupt') {
        if (interrupts.isLeaving || interrupts.isArmed) return EXIT.interrupted;
        interrupts.isArmed = true;
        say(colors.dim('Ctrl-C again leaves, and so does /quit'));
        continue;
      }
      if (entered.text.trim() === '') continue;
      interrupts.isArmed = false;
      if (!terminal) code = EXIT.success;
      try {
        if ((await take(entered.text)) === 'leave') break;
      } catch (error) {
        code = exitCodeFor(error);
        reportError(error, options.verbose);
      }
    }
    return interrupts.isLeaving ? EXIT.interrupted : terminal ? EXIT.success : code;
  } finally {
    interrupts.close();
    reader.close();
    if (shows && file !== undefined && session.turns.length > 0)
      say(colors.dim(`kept: signalbox chat --resume ${file.id}`));
  }
}

/** The conversation that flags ask for, new or gone on with, and the file that keeps it. */
function openSession(ready: LoadedRouter, options: ChatCommand) {
  const { chat: kept, streaming } = ready.loaded.configuration;
  const folder = conversationFolder(homedir());
  pruneConversations(folder, kept.retentionMs ?? RETENTION_MS, Date.now());
  const resumed =
    options.resume === undefined
      ? undefined
      : findConversation(folder, options.resume === true ? undefined : options.resume);
  const turns = resumed === undefined ? [] : readConversation(folder, resumed);
  const stores = options.store ?? (resumed !== undefined || kept.store);
  const file = stores ? openConversation(folder, resumed) : undefined;
  const said: RouteChoice = {
    model: options.model,
    provider: options.provider,
    strategy: options.strategy,
    mode: options.mode,
    chain: options.chain,
    providerChain: options.providerChain,
  };
  const session = createChatSession(
    ready,
    {
      settings: { system: options.system, maxTokens: options.maxTokens, temperature: options.temperature },
      stream: options.stream && streaming.enabled,
      cache: options.cache,
      quiet: options.quiet,
      verbose: options.verbose,
    },
    { turns, choice: {}, file },
  );
  session.choose(choiceWords(said) === undefined ? (turns.at(-1)?.choice ?? {}) : said);
  return { session, file };
}

function greeting(
  { loaded, simulated }: LoadedRouter,
  choice: string | undefined,
  id: string | undefined,
  turns: number,
): string {
  const parts = [
    choice ?? `routed by ${loaded.configuration.routing.strategy}`,
    id === undefined
      ? 'not stored'
      : turns > 0
        ? `${id}, ${turns} ${turns === 1 ? 'turn' : 'turns'} so far`
        : `stored as ${id}`,
    '/help lists commands',
    ...(simulated ? ['simulated: no provider has an API key (signalbox init)'] : []),
  ];
  return parts.join(' · ');
}
