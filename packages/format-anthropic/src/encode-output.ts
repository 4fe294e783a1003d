import { type JsonObject, type NoteList, namedSchema, type OutputFormat } from '@signalbox/core';
import { strictSchema } from './strict-schema.ts';

/** What stands in for a JSON mode, which Anthropic has not. */
const JSON_INSTRUCTION = 'Answer with a single valid JSON value and nothing else: no explanation, no code fence.';

/** The wanted form of the answer: `output_config.format`, or an instruction for the system prompt. */
export function encodeOutput(
  output: OutputFormat | undefined,
  notes: NoteList,
): { readonly format?: JsonObject; readonly instruction?: string } {
  if (output === undefined) return {};
  if (output.type === 'json') {
    notes.approximated('output', 'Anthropic has no JSON mode: an instruction was added to the system prompt');
    return { instruction: JSON_INSTRUCTION };
  }
  if (output.strict !== undefined) {
    notes[output.strict ? 'mapped' : 'approximated']('output.strict', 'a schema is always strict at Anthropic');
  }
  const schema = strictSchema(namedSchema(output, notes), 'output.schema', notes);
  return { format: { type: 'json_schema', schema } };
}
