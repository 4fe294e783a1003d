import type { Clock } from '@signalbox/core';
import type { Behaviour } from './behaviour.ts';
import type { BodyWriter } from './body-writer.ts';
import { pause } from './clock.ts';
import type { Framing } from './framing.ts';
import type { Frame } from './simulated-reply.ts';

/** Milliseconds between keep-alive comments while a stream is silent. */
const COMMENT_INTERVAL = 1000;
/** How much of a JSON body goes out before a cut or a stall. */
const PART_OF_BODY = 0.6;

export interface Playback {
  readonly behaviour: Behaviour;
  readonly body: BodyWriter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called for each event that went out. */
  readonly onEvent: () => void;
  /** Called before the simulator itself breaks the connection. */
  readonly onBreak: () => void;
}

/** Sends a stream, with the delays and faults of its behaviour between the events. */
export async function playStream(
  frames: Iterable<Frame>,
  framing: Framing,
  createError: (sent: number) => Iterable<Frame>,
  playback: Playback,
): Promise<void> {
  const { behaviour, body, signal } = playback;
  let sent = 0;
  let content = 0;
  const send = async (data: string, event: string | undefined): Promise<void> => {
    await body.write(framing.frame(data, event, sent));
    sent += 1;
    playback.onEvent();
  };
  const sendFrame = (frame: Frame) => send(dataOf(frame), frame.event);

  await quiet((behaviour.firstToken ?? 0) + (behaviour.slowFirstToken ?? 0), framing, playback);
  for (const frame of frames) {
    if (signal.aborted) return;
    if (isDue(behaviour.errorEvent, content, frame)) {
      for (const error of createError(sent)) await sendFrame(error);
      break;
    }
    if (isDue(behaviour.cut, content, frame)) return breakOff(playback);
    if (isDue(behaviour.stall, content, frame)) return stall(framing, playback);
    if (behaviour.noDone && frame.kind === 'done') continue;
    if (frame.kind === 'content') {
      if (behaviour.comments) await body.write(framing.keepAlive);
      if (behaviour.malformed === content + 1) await send(brokenHalf(dataOf(frame)), frame.event);
      if (behaviour.rate !== undefined && content > 0)
        await quiet(((frame.tokens ?? 1) * 1000) / behaviour.rate, framing, playback);
      content += 1;
    }
    await sendFrame(frame);
    if (frame.kind === 'finish' && behaviour.duplicateFinish) await sendFrame(frame);
  }
  const end = framing.end(sent);
  if (end !== '') await body.write(end);
  await body.end();
}

/** Sends a body that is not streamed, whole or broken. */
export async function playBody(text: string, playback: Playback): Promise<void> {
  const { behaviour, body } = playback;
  await pause(playback.clock, behaviour.slowFirstToken ?? 0, playback.signal);
  const part = text.slice(0, Math.floor(text.length * PART_OF_BODY));
  if (behaviour.cut !== undefined || behaviour.stall !== undefined) {
    await body.write(part);
    if (behaviour.cut !== undefined) return breakOff(playback);
    await pause(playback.clock, behaviour.hold, playback.signal);
    return breakOff(playback);
  }
  await body.write(behaviour.malformed === undefined ? text : part);
  playback.onEvent();
  await body.end();
}

/** Whether a fault after N content events stands before this frame; N = 0 lets the opening events pass. */
function isDue(after: number | undefined, content: number, frame: Frame): boolean {
  if (after === undefined) return false;
  if (content >= after) return after > 0 || frame.kind !== 'open';
  return frame.kind === 'finish' || frame.kind === 'done';
}

/** Silence inside a stream: nothing, or a comment a second. `undefined`: until the caller goes. */
async function quiet(milliseconds: number | undefined, framing: Framing, playback: Playback): Promise<void> {
  const { behaviour, body, clock, signal } = playback;
  if (!behaviour.comments) return pause(clock, milliseconds, signal);
  let left = milliseconds ?? Number.POSITIVE_INFINITY;
  while (left > 0 && !signal.aborted) {
    const step = Math.min(left, COMMENT_INTERVAL);
    await pause(clock, step, signal);
    left -= step;
    if (left > 0) await body.write(framing.keepAlive);
  }
}

async function stall(framing: Framing, playback: Playback): Promise<void> {
  await quiet(playback.behaviour.hold, framing, playback);
  await breakOff(playback);
}

async function breakOff(playback: Playback): Promise<void> {
  if (playback.signal.aborted) return;
  playback.onBreak();
  await playback.body.cut();
}

function dataOf(frame: Frame): string {
  return typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data);
}

function brokenHalf(data: string): string {
  return data.slice(0, Math.ceil(data.length / 2));
}
