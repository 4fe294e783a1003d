import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { inboundFromRequest, RouterError } from '@signalbox/core';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { explanationTable } from '../terminal/explanation-table.ts';
import { wrapped } from '../terminal/wrapped.ts';
import type { ChatSession } from './chat-session.ts';
import { choiceWords, nextRequest, toMarkdown } from './conversation.ts';

export interface SlashContext {
  readonly session: ChatSession;
  readonly ready: LoadedRouter;
  /** Name for a file where none is given. */
  readonly title: string;
  /** Runs an answer that Ctrl-C can stop. */
  readonly answering: (work: (signal: AbortSignal) => Promise<unknown> | undefined) => Promise<void>;
  readonly say: (text: string) => void;
}

interface SlashCommand {
  readonly usage: string;
  readonly description: string;
  /** `leave` ends the conversation. */
  readonly run: (context: SlashContext, argument: string) => Promise<'leave' | undefined> | 'leave' | undefined;
}

const COMMANDS: Readonly<Record<string, SlashCommand>> = {
  '/model': {
    usage: '/model [NAME]',
    description: 'answers come from this model; auto: routed again; without a name: who would answer',
    run: ({ session, say }, name) => {
      if (name === '') say(choiceWords(session.choice) ?? 'routed by the configuration');
      else {
        session.choose(name === 'auto' ? {} : { model: name });
        say(name === 'auto' ? 'routed by the configuration' : `model ${name}`);
      }
      return undefined;
    },
  },
  '/strategy': {
    usage: '/strategy [NAME]',
    description: 'route by this strategy',
    run: ({ session, ready, say }, name) => {
      const now = session.choice.strategy ?? ready.loaded.configuration.routing.strategy;
      if (name === '') say(`strategy ${now}`);
      else {
        session.choose({ strategy: name });
        say(`strategy ${name}`);
      }
      return undefined;
    },
  },
  '/cost': {
    usage: '/cost',
    description: 'what the conversation has cost so far',
    run: ({ session, say }) => {
      say(session.cost());
      return undefined;
    },
  },
  '/explain': {
    usage: '/explain [PROMPT]',
    description: 'why the last answer came from where it did, or who would answer this prompt',
    run: async ({ session, ready, say }, prompt) => {
      if (prompt === '') {
        const { lastDecision } = session;
        say(lastDecision === undefined ? 'Nothing was asked yet.' : explanationTable(lastDecision).trimEnd());
        return undefined;
      }
      const { choice, turns } = session;
      const inbound = inboundFromRequest(nextRequest(turns, prompt, choice.model, {}));
      say(explanationTable(await ready.router.explain({ inbound, route: session.route() })).trimEnd());
      return undefined;
    },
  },
  '/retry': {
    usage: '/retry',
    description: 'ask the last question again',
    run: async ({ session, answering, say }) => {
      await answering((signal) => {
        const again = session.retry(signal);
        if (again === undefined) say('Nothing was asked yet.');
        return again;
      });
      return undefined;
    },
  },
  '/save': {
    usage: '/save [FILE]',
    description: 'write the conversation into a file: Markdown, or JSON where it ends in .json',
    run: ({ session, title, say }, name) => {
      const file = resolve(name === '' ? `${title}.md` : name);
      const text = file.endsWith('.json') ? `${JSON.stringify(session.turns, null, 2)}\n` : toMarkdown(session.turns);
      try {
        writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const message =
          code === 'EEXIST' ? `${file} is there already: name another file.` : `${file} can't be written (${code}).`;
        throw new RouterError({ kind: 'usage', message });
      }
      say(`wrote ${file}`);
      return undefined;
    },
  },
  '/forget': {
    usage: '/forget N',
    description: 'forget the oldest N turns, so that the rest fits a smaller window',
    run: ({ session, say }, text) => {
      const count = Number(text);
      if (!Number.isInteger(count) || count < 1) {
        throw new RouterError({ kind: 'usage', message: 'How many turns? Write /forget 4.' });
      }
      say(`forgot ${session.forget(count)}, ${session.turns.length} left`);
      return undefined;
    },
  },
  '/clear': {
    usage: '/clear',
    description: 'forget the whole conversation',
    run: ({ session, say }) => {
      say(`forgot ${session.forget()}`);
      return undefined;
    },
  },
  '/help': { usage: '/help', description: 'this list', run: sayHelp },
  '/quit': { usage: '/quit', description: 'leave (Ctrl-D does the same)', run: () => 'leave' },
};

export const slashNames: readonly string[] = Object.keys(COMMANDS);

/** Runs what a line that begins with a slash says. Throws RouterError for what is no command. */
export async function runSlashCommand(line: string, context: SlashContext): Promise<'leave' | undefined> {
  const [name = '', ...rest] = line.trim().split(/\s+/);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const message = `There is no command ${name}: /help lists them. To send a text that begins with a slash, put a blank before it.`;
    throw new RouterError({ kind: 'usage', message });
  }
  return command.run(context, rest.join(' '));
}

function helpText(): string {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length));
  const { columns } = process.stderr;
  const lines = Object.values(COMMANDS).map(({ usage, description }) =>
    wrapped(`${usage.padEnd(width)}  ${description}`, columns, ' '.repeat(width + 2)),
  );
  return [
    ...lines,
    '',
    'A line that ends in \\ goes on in the next; """ begins and ends several lines. Ctrl-C stops an answer.',
  ].join('\n');
}

function sayHelp({ say }: SlashContext): undefined {
  say(helpText());
}
