/** What coding agents put into a user's turn beside the user's words: `<system-reminder>…</system-reminder>`. */
const OPENING = '<system-reminder>';
const CLOSING = '</system-reminder>';

/** A turn without the blocks that an agent added to it; the turn itself where nothing else is in it. Linear. */
export function withoutReminders(text: string): string {
  if (!text.includes(OPENING)) return text;
  let kept = '';
  let from = 0;
  for (;;) {
    const open = text.indexOf(OPENING, from);
    if (open === -1) break;
    kept += text.slice(from, open);
    const close = text.indexOf(CLOSING, open);
    from = close === -1 ? text.length : close + CLOSING.length;
  }
  kept += text.slice(from);
  return kept.trim() === '' ? text : kept.trim();
}
