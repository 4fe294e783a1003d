import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, asString, parseJson, RouterError } from '@signalbox/core';
import type { Turn } from './conversation.ts';

/** A conversation that is kept, without its turns. */
export interface KeptConversation {
  readonly id: string;
  /** Of the last turn, Unix milliseconds. */
  readonly changedAt: number;
  readonly turns: number;
  /** The beginning of the first prompt. */
  readonly title: string;
}

/** The file of one conversation. */
export interface ConversationFile {
  readonly id: string;
  append(turn: Turn): void;
  /** Forgets all turns but these from `from` up to `to`. */
  keep(from: number, to: number): void;
}

const TITLE = 60;
const ENDING = '.jsonl';

/** Where conversations are kept: a file of lines for each, readable for its owner alone. */
export const conversationFolder = (home: string) => join(home, '.claude-code', 'chats');

/**
 * Opens the file of a conversation, a new one where no id is given. The file is made with the first turn. A line is a turn, or says which turns are left: nothing
 * is written anew, and a crash loses no more than the line under way.
 */
export function openConversation(folder: string, id: string = newId(Date.now())): ConversationFile {
  const file = join(folder, `${id}${ENDING}`);
  const write = (line: object) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  return { id, append: (turn) => write(turn), keep: (from, to) => write({ keep: [from, to] }) };
}

/** `2026-11-25-5f3a9c`: sorts by day, and is short enough to type. */
function newId(now: number): string {
  return `${new Date(now).toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`;
}

/** The turns of a kept conversation. A line that is no turn (a crash cut it) is passed over. */
export function readConversation(folder: string, id: string): readonly Turn[] {
  let turns: Turn[] = [];
  for (const line of readFileSync(join(folder, `${id}${ENDING}`), 'utf8').split('\n')) {
    const row = asObject(parseJson(line));
    if (row === undefined) continue;
    if (Array.isArray(row.keep)) turns = turns.slice(Number(row.keep[0]), Number(row.keep[1]));
    else if (asString(row.prompt) !== undefined) turns.push(row as unknown as Turn);
  }
  return turns;
}

/** All that is kept, the latest first. */
export function listConversations(folder: string): readonly KeptConversation[] {
  return namesIn(folder)
    .map((name) => {
      const id = name.slice(0, -ENDING.length);
      const turns = readConversation(folder, id);
      const title = (turns[0]?.prompt ?? '').replace(/\s+/g, ' ');
      return {
        id,
        changedAt: Math.round(statSync(join(folder, name)).mtimeMs),
        turns: turns.length,
        title: title.length > TITLE ? `${title.slice(0, TITLE - 1)}…` : title,
      };
    })
    .sort((one, other) => other.changedAt - one.changedAt || other.id.localeCompare(one.id));
}

/** The id that a person means: the whole of it, its beginning, or the latest where nothing is said. Throws RouterError `usage`. */
export function findConversation(folder: string, wanted: string | undefined): string {
  const kept = listConversations(folder);
  const found = wanted === undefined ? kept.slice(0, 1) : kept.filter(({ id }) => id.startsWith(wanted));
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only.id;
  const exact = found.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact.id;
  const message =
    kept.length === 0
      ? 'No conversation is kept: begin one with "signalbox chat --store", or set chat.store in the configuration.'
      : only === undefined
        ? `No kept conversation begins with "${wanted}": signalbox chat --list shows them.`
        : `${found.length} kept conversations begin with "${wanted}": ${found.map(({ id }) => id).join(', ')}.`;
  throw new RouterError({ kind: 'usage', message });
}

/** Forgets conversations whose last turn is older. */
export function pruneConversations(folder: string, retentionMs: number, now: number): void {
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    if (statSync(file).mtimeMs < now - retentionMs) rmSync(file, { force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(ENDING));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
