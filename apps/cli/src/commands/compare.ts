import { EXIT } from '../exit-code.ts';
import type { PromptOptions } from '../send-prompt.ts';
export interface CompareOptions {
  readonly compare?: string | undefined;
  readonly judge?: string | undefined;
  readonly html?: string | undefined;
}
export async function compare(_words: readonly string[], _options: PromptOptions & CompareOptions): Promise<number> {
  return EXIT.failure;
}
