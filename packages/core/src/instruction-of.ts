import type { TextPart } from './part.ts';

/** How a text begins that a client writes to its vendor, into the system prompt, and that says nothing to the model. */
const VENDORS_MARK = 'x-anthropic-billing-header:';

/** Why a text of the system prompt is not what it was: the reason of a note. */
export const VENDORS_LINE =
  "Claude Code's own line to Anthropic was left out: it says nothing to a model, and differs each time";

/**
 * What of a text in the system prompt is for the model: all of it, but for the line by which Claude Code tells Anthropic its version and a digest of
 * the request (`x-anthropic-billing-header: cc_version=…; cch=…;`). It stands first and is another with each request, so that no other vendor's or
 * server's prompt cache would ever find the beginning again, and a conversation would not be known by it. Undefined where nothing is left; the same
 * part where nothing is to be left out.
 */
export function instructionOf(part: TextPart): TextPart | undefined {
  if (!part.text.startsWith(VENDORS_MARK)) return part;
  const end = part.text.indexOf('\n');
  const text = end < 0 ? '' : part.text.slice(end).trimStart();
  return text === '' ? undefined : { ...part, text };
}
