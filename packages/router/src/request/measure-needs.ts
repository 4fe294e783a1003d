import { estimateTokens, type ModelRequest, type Needs, type Part } from '@signalbox/core';

/** What media cost in tokens where nobody has counted: rough figures, of the order of what the vendors document. */
const IMAGE_TOKENS = 1_000;
const DOCUMENT_TOKENS = 3_000;
const AUDIO_TOKENS = 1_000;
/** Role markers and separators around a message, and the frame around a tool. */
const MESSAGE_TOKENS = 4;
const TOOL_TOKENS = 8;

/** What a request needs from a model, read off the request. */
export function measureNeeds(request: ModelRequest): Needs {
  const found = { vision: false, pdf: false, audio: false };
  let tokens = 0;
  for (const part of request.system) tokens += estimateTokens(part.text);
  for (const message of request.messages) {
    tokens += MESSAGE_TOKENS;
    for (const part of message.parts) tokens += measurePart(part, found);
  }
  for (const tool of request.tools ?? []) tokens += TOOL_TOKENS + estimateTokens(JSON.stringify(tool));
  if (request.output?.type === 'json-schema') tokens += estimateTokens(JSON.stringify(request.output.schema));
  return {
    // A search that the provider runs is no tool that the model must be able to call.
    tools: request.tools?.some((tool) => tool.type !== 'opaque' || tool.webSearch === undefined) === true,
    ...found,
    jsonSchema: request.output?.type === 'json-schema',
    inputTokens: tokens,
    maxOutputTokens: request.maxOutputTokens,
  };
}

function measurePart(part: Part, found: { vision: boolean; pdf: boolean; audio: boolean }): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return estimateTokens(part.text);
    case 'image':
      found.vision = true;
      return IMAGE_TOKENS;
    case 'document':
      if (part.source.kind === 'text') return estimateTokens(part.source.text);
      found.pdf = true;
      return DOCUMENT_TOKENS;
    case 'audio':
    case 'video':
      found.audio = true;
      return AUDIO_TOKENS;
    case 'tool-call':
      return MESSAGE_TOKENS + estimateTokens(part.name) + estimateTokens(part.arguments);
    case 'tool-result': {
      let tokens = MESSAGE_TOKENS;
      for (const inner of part.content) tokens += measurePart(inner, found);
      return tokens;
    }
    case 'opaque':
      if (part.restated) return 0;
      return estimateTokens(JSON.stringify(part.value));
  }
}
