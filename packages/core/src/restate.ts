import type { ModelRequest } from './model-request.ts';
import type { OtherAnswer } from './model-response.ts';
import type { NoteList } from './note-list.ts';
import type { OpaquePart, Part, ToolResultPart } from './part.ts';
import type { OpaquePartEvent, TextDeltaEvent } from './stream-event.ts';

/** A part as a format can say it: a block that only another one knows becomes what stands for it, where that is told. */
function restatedPart<Kind extends Part>(part: Kind, format: string): Kind | NonNullable<OpaquePart['otherwise']> {
  return isForeign(part, format) ? part.otherwise : part;
}

/** The same for a part that a stream brought whole. */
export function restatedEvent(event: OpaquePartEvent, format: string): OpaquePartEvent | TextDeltaEvent {
  const { part, index } = event;
  if (!isForeign(part, format)) return event;
  const said = part.otherwise;
  if (said.type === 'text') return { type: 'text-delta', index, text: said.text };
  return { type: 'opaque-part', index, part: { type: 'opaque', format: 'canonical', value: { ...said } as never } };
}

/** An answer, or one of several, with all of its parts so; the very same where it has none of them. */
export function restatedAnswer<Answer extends Pick<OtherAnswer, 'parts'>>(answer: Answer, format: string): Answer {
  if (!answer.parts.some((part) => isForeign(part, format))) return answer;
  return { ...answer, parts: answer.parts.map((part) => restatedPart(part, format)) };
}

/** A request with all of its parts so, results of tools included; the very same where it has none of them. */
export function restatedRequest(
  request: ModelRequest,
  format: string,
  notes: Pick<NoteList, 'approximated'>,
): ModelRequest {
  if (!holdsForeignParts(request, format)) return request;
  const messages = request.messages.map((message, index) => {
    if (!message.parts.some((part) => holdsForeign(part, format))) return message;
    const parts = message.parts.map((part, place) =>
      restate(part, format, `messages[${index}].parts[${place}]`, notes),
    );
    return { ...message, parts };
  });
  return { ...request, messages };
}

function holdsForeignParts({ messages }: ModelRequest, format: string): boolean {
  for (const { parts } of messages) {
    for (const part of parts) if (holdsForeign(part, format)) return true;
  }
  return false;
}

function restate(part: Part, format: string, field: string, notes: Pick<NoteList, 'approximated'>): Part {
  if (part.type === 'tool-result') {
    const content = part.content.map(
      (one, place) => restate(one, format, `${field}.content[${place}]`, notes) as ToolResultPart['content'][number],
    );
    return { ...part, content };
  }
  if (!isForeign(part, format)) return part;
  notes.approximated(field, `a block that only ${part.format} knows is sent as plain ${part.otherwise.type}`);
  return part.otherwise;
}

function holdsForeign(part: Part, format: string): boolean {
  return part.type === 'tool-result' ? part.content.some((one) => isForeign(one, format)) : isForeign(part, format);
}

type Restatable = OpaquePart & { readonly otherwise: NonNullable<OpaquePart['otherwise']> };

function isForeign(part: Part, format: string): part is Restatable {
  return part.type === 'opaque' && part.otherwise !== undefined && part.format !== format;
}
