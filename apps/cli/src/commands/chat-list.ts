import { homedir } from 'node:os';
import { conversationFolder, listConversations } from '../chat/conversation-store.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';

/** `signalbox chat --list`: the conversations that are kept, the latest first. */
export function listChats({ json }: { json: boolean }): number {
  const kept = listConversations(conversationFolder(homedir()));
  if (json) {
    const shown = kept.map((one) => ({ ...one, changedAt: new Date(one.changedAt).toISOString() }));
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return EXIT.success;
  }
  if (kept.length === 0) {
    say('No conversation is kept: begin one with "signalbox chat --store".');
    return EXIT.success;
  }
  const table = fittedTable(
    [
      { head: 'id' },
      { head: 'last turn', drop: 2 },
      { head: 'turns', align: 'right', drop: 1 },
      { head: 'began with', drop: 3 },
    ],
    kept.map(({ id, changedAt, turns, title }) => [
      id,
      new Date(changedAt).toISOString().slice(0, 16).replace('T', ' '),
      String(turns),
      title,
    ]),
    terminalWidth(process.stdout),
  );
  process.stdout.write(`${table}\n`);
  return EXIT.success;
}
