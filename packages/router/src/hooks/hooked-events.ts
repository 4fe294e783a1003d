import {
  createResponseFold,
  type ModelResponse,
  type Part,
  type StreamEvent,
  type TextExtensionEvent,
} from '@signalbox/core';
import { createTextWindow, type TextWindow } from '../lanes/text-window.ts';
import type { HookContext, Hooks } from './hooks.ts';
import type { BoundedHooks } from './run-hook.ts';

const HOLD_BACK = 256;

type TextEvent = Extract<StreamEvent, { readonly type: 'text-delta' | 'reasoning-delta' }>;

/** A part of the answer whose newest text waits. */
interface OpenPart {
  readonly window: TextWindow;
  /** Its last event, for the shape of the next. */
  last: TextEvent;
  readonly extensions: TextExtensionEvent[];
}

/** The events of a stream as the hooks let them through; each call answers what may go on. Throws RouterError where they don't. */
export interface HookedEvents {
  next(event: StreamEvent): Promise<readonly StreamEvent[]>;
}

/** Lets a stream's text through a window, and its end only when the whole answer has been seen. */
export function createHookedEvents(hooks: Hooks, bounded: BoundedHooks, context: () => HookContext): HookedEvents {
  const { holdBack = HOLD_BACK } = hooks;
  const fold = hooks.onResponse === undefined ? undefined : createResponseFold();
  const changed = new Set<number>();
  let open: OpenPart | undefined;

  const check = (text: string, index: number): Promise<string> =>
    bounded.text(text, context()).then((checked) => {
      if (checked !== text) changed.add(index);
      return checked;
    });

  async function text(event: TextEvent): Promise<readonly StreamEvent[]> {
    const closed = open !== undefined && open.last.index !== event.index ? await close() : [];
    open ??= {
      window: createTextWindow((some) => check(some, event.index), holdBack),
      last: event,
      extensions: [],
    };
    open.last = event;
    const ready = await open.window.push(event.text);
    return ready === '' ? closed : [...closed, { ...event, text: ready }];
  }

  async function close(): Promise<readonly StreamEvent[]> {
    if (open === undefined) return [];
    const { window, last, extensions } = open;
    open = undefined;
    const rest = await window.end();
    return [...(rest === '' ? [] : [{ ...last, text: rest }]), ...extensions];
  }

  async function through(event: StreamEvent): Promise<readonly StreamEvent[]> {
    if (hooks.onText === undefined) return [event];
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
        return text(event);
      case 'usage-update':
      case 'start':
      case 'answer-continued':
        return [event];
      case 'text-extension': {
        // Behind the text that it hangs on, which may still wait.
        const checked = await checkedExtension(event, (some) => check(some, event.index));
        if (checked === undefined) return [];
        if (open?.last.index !== event.index) return [checked];
        open.extensions.push(checked);
        return [];
      }
      case 'reasoning-signature': {
        const closed = await close();
        // It vouches for other words than the caller has now.
        return changed.has(event.index) ? closed : [...closed, event];
      }
      default:
        return [...(await close()), event];
    }
  }

  return {
    async next(event) {
      const events = await through(event);
      if (fold !== undefined) {
        for (const one of events) fold.add(one);
        if (event.type === 'finish') await bounded.response(fold.response(), context());
      }
      return events;
    },
  };
}

/** A whole answer as the hooks let it through. Throws RouterError where they don't. */
export async function hookedResponse(
  response: ModelResponse,
  hooks: Hooks,
  bounded: BoundedHooks,
  context: HookContext,
): Promise<ModelResponse> {
  const check = (text: string) => bounded.text(text, context);
  const seen =
    hooks.onText === undefined
      ? response
      : {
          ...response,
          parts: await Promise.all(response.parts.map((part) => checkedPart(part, check))),
          ...(response.others === undefined
            ? {}
            : {
                others: await Promise.all(
                  response.others.map(async (other) => ({
                    ...other,
                    parts: await Promise.all(other.parts.map((part) => checkedPart(part, check))),
                  })),
                ),
              }),
        };
  return hooks.onResponse === undefined ? seen : bounded.response(seen, context);
}

async function checkedPart(part: Part, check: (text: string) => Promise<string>): Promise<Part> {
  if (part.type === 'reasoning') {
    const text = await check(part.text);
    return text === part.text ? part : { type: 'reasoning', text };
  }
  if (part.type !== 'text') return part;
  const text = await check(part.text);
  const citations =
    part.citations && ((await checkedValue(part.citations, check)) as NonNullable<typeof part.citations>);
  const extensions = part.extensions && ((await checkedValue(part.extensions, check)) as typeof part.extensions);
  return { ...part, text, ...(citations && { citations }), ...(extensions && { extensions }) };
}

async function checkedExtension(
  event: TextExtensionEvent,
  check: (text: string) => Promise<string>,
): Promise<TextExtensionEvent | undefined> {
  const extensions = (await checkedValue(event.extensions, check)) as TextExtensionEvent['extensions'];
  const citations =
    event.citations && ((await checkedValue(event.citations, check)) as NonNullable<typeof event.citations>);
  const empty = Object.values(extensions).every((one) => Object.keys(one).length === 0);
  return empty && citations === undefined ? undefined : { ...event, extensions, ...(citations && { citations }) };
}

/** All texts of a value. Log probabilities are left out: they spell the text again, piece by piece, where nothing is found in a piece. */
async function checkedValue(value: unknown, check: (text: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return check(value);
  if (Array.isArray(value)) return Promise.all(value.map((one) => checkedValue(one, check)));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => !/^log_?probs/i.test(key));
  return Object.fromEntries(
    await Promise.all(fields.map(async ([key, one]) => [key, await checkedValue(one, check)] as const)),
  );
}
