import { homedir } from 'node:os';
import Table from 'cli-table3';
import { conversationFolder, listConversations } from '../chat/conversation-store.ts';
import { EXIT } from '../exit-code.ts';
import { PLAIN_TABLE } from '../plain-table.ts';

/** `signalbox chat --list`: the conversations that are kept, the latest first. */
export function listChats({ json }: { json: boolean }): number {
  const kept = listConversations(conversationFolder(homedir()));
  if (json) {
    const shown = kept.map((one) => ({ ...one, changedAt: new Date(one.changedAt).toISOString() }));
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return EXIT.success;
  }
  if (kept.length === 0) {
    process.stderr.write('No conversation is kept: begin one with "signalbox chat --store".\n');
    return EXIT.success;
  }
  const table = new Table({
    head: ['id', 'last turn', 'turns', 'began with'],
    colAligns: ['left', 'left', 'right', 'left'],
    style: { head: [], border: [], compact: true },
    chars: PLAIN_TABLE,
  });
  for (const { id, changedAt, turns, title } of kept) {
    table.push([id, new Date(changedAt).toISOString().slice(0, 16).replace('T', ' '), turns, title]);
  }
  process.stdout.write(`${table.toString()}\n`);
  return EXIT.success;
}
