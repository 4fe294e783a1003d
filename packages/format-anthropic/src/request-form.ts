import {
  asArray,
  asObject,
  asString,
  type Extensions,
  type FormRules,
  type ModelRequest,
  splitForm,
} from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** How a tool is offered, not what it is: all tools are there at once elsewhere, and arguments come as they come. */
const TOOL: FormRules = {
  type: true,
  defer_loading: true,
  eager_input_streaming: true,
  allowed_callers: (value) => asArray(value).every((caller) => caller === 'direct'),
};
const REQUEST: FormRules = {
  // `null`: an effort was asked for and not thinking.
  thinking: (value) => value === null,
  // Anthropic's own thoughts, which nobody else gets to see.
  context_management: {
    edits: (value) => asArray(value).every((edit) => isAboutThinking(asString(asObject(edit)?.type))),
  },
};

function isAboutThinking(type: string | undefined): boolean {
  return type?.startsWith('clear_thinking_') === true;
}

/** A decoded request with what is only form kept apart, so that no other format reports it as lost. */
export function withForm(request: ModelRequest): ModelRequest {
  const effort = request.reasoning?.effort;
  // An effort for the turns to come that is the request's own says nothing new.
  const message: FormRules = { output_config: { effort: (value) => value === effort } };
  return apart(
    {
      ...request,
      messages: request.messages.map((one) => apart(one, message)),
      ...(request.tools === undefined ? {} : { tools: request.tools.map((tool) => apart(tool, TOOL)) }),
    },
    REQUEST,
  );
}

function apart<Value extends object>(value: Value, rules: FormRules): Value {
  const own = 'extensions' in value ? (value.extensions as Extensions | undefined)?.[FORMAT_ID] : undefined;
  return own === undefined ? value : { ...value, extensions: splitForm(own, FORMAT_ID, rules) };
}
