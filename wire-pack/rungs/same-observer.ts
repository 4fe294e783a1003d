import { ProviderError, responseText, type WireFrame } from '../../packages/core/src/index.ts';
import { compare } from '../compare.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import { decodeFrames, fold, framesOf } from '../stream.ts';
import type { Answer } from './answer.ts';

/** (g) The observer of a stream that is passed on agrees with the decoder, and what it passes on is the same answer. */
export function sameObserver(answer: Answer, { format }: RecordedFormat, provider: string): readonly string[] {
  const { stream, response } = answer;
  if (stream === undefined) return [];
  const faults: string[] = [];
  for (const hideUsage of [false, true]) {
    const observer = format.observe({ provider, hideUsage });
    const passed = passOn(stream.frames, observer);
    if (passed instanceof Error) {
      const same = ProviderError.is(passed) && passed.kind === stream.error?.kind;
      if (!same)
        faults.push(
          `the observer ends with ${passed.message}, the decoder with ${stream.error?.message ?? 'a finish'}`,
        );
      continue;
    }
    if (response === undefined) {
      faults.push(`the observer ends without the error of the decoder: ${stream.error?.message}`);
      continue;
    }
    const texts = response.parts.map((part) => (part.type === 'text' && part.refusal !== true ? part.text : ''));
    const { finish, usage, model, text } = observer;
    // Formats differ in whether the words of a refusal are text to their observer.
    const said = [texts.join(''), responseText(response)].find((one) => one === text) ?? texts.join('');
    const expected = { finish: response.finish, usage: response.usage, model: response.model, text: said };
    faults.push(
      ...compare(plain(expected), plain({ finish, usage, model, text })).map((one) => `the observer's ${one}`),
    );
    // Without the usage chunk nothing says that a stream without a finish reason is whole: its end mark goes to the caller.
    if (hideUsage) continue;
    const again = decodeFrames(format, framesOf(format, passed), provider);
    if (again.error !== undefined) faults.push(`what the observer passes on ends in ${again.error.message}`);
    else {
      faults.push(
        ...compare(plain(response), plain(fold(again.events))).map((one) => `what the observer passes on: ${one}`),
      );
    }
  }
  return faults;
}

type Observer = ReturnType<RecordedFormat['format']['observe']>;

/** The text that reaches the caller, or what ended it. */
function passOn(frames: readonly WireFrame[], observer: Observer): string | Error {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (const frame of frames) {
      const { forward } = observer.observe(frame);
      if (forward === true) text += decoder.decode(frame.raw);
      else if (forward !== false) text += forward;
    }
    return text + observer.end();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
