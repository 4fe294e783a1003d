import type { Clock } from '@signalbox/core';
import type { Behaviour } from './behaviour.ts';
import type { BodyWriter } from './body-writer.ts';
import type { Framing } from './framing.ts';
import { pause } from './pause.ts';
import type { Frame } from './simulated-reply.ts';

/** Milliseconds between keep-alive comments while a stream is silent. */
const COMMENT_INTERVAL = 1000;
/** Milliseconds between the bytes of an event that never ends. */
const DRIP_INTERVAL = 1000;
const MEBIBYTE = 1024 * 1024;
/** Neither UTF-8 nor a block of gzip. */
const BAD_BYTES = Uint8Array.of(0xff, 0xfe, 0xc3, 0xff);
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

  if (behaviour.hugeEvent !== undefined) await writeHugeEvent(behaviour.hugeEvent, playback);
  await quiet((behaviour.firstToken ?? 0) + (behaviour.slowFirstToken ?? 0), framing, playback);
  for (const frame of frames) {
    if (signal.aborted) return;
    if (isDue(behaviour.errorEvent, content, frame)) {
      for (const error of createError(sent)) await sendFrame(error);
      break;
    }
    const fault = BREAKS.find(([key]) => isDue(behaviour[key], content, frame));
    if (fault !== undefined) return fault[1](playback, framing);
    if (behaviour.noDone && frame.kind === 'done') continue;
    if (frame.kind === 'content') {
      if (behaviour.comments) await body.write(framing.keepAlive);
      if (behaviour.malformed === content + 1) await send(brokenHalf(dataOf(frame)), frame.event);
      if (content > 0) await quiet(pauseBefore(frame, behaviour), framing, playback);
      content += 1;
    }
    if (frame.kind === 'content' && behaviour.lostEvent === content) continue;
    if (frame.kind === 'content' && behaviour.invalidUtf8 === content) {
      await body.write(withBadBytes(framing.frame(dataOf(frame), frame.event, sent)));
      sent += 1;
      playback.onEvent();
      continue;
    }
    await sendFrame(frame);
    if (comesTwice(frame, behaviour)) await sendFrame(frame);
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
  if (behaviour.corruptGzip !== undefined) {
    await body.write(part);
    return corrupt(playback);
  }
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

/** Milliseconds before a content event. */
function pauseBefore(frame: Frame, behaviour: Behaviour): number {
  if (behaviour.interval !== undefined) return behaviour.interval;
  return behaviour.rate === undefined ? 0 : ((frame.tokens ?? 1) * 1000) / behaviour.rate;
}

function comesTwice(frame: Frame, behaviour: Behaviour): boolean {
  const twice: Partial<Record<Frame['kind'], boolean | undefined>> = {
    open: behaviour.duplicateOpening,
    usage: behaviour.duplicateUsage,
    finish: behaviour.duplicateFinish,
  };
  return twice[frame.kind] === true;
}

type BreakKey = 'cut' | 'stall' | 'drip' | 'badChunk' | 'corruptGzip';

/** Faults that end a stream after N content events. */
const BREAKS: readonly (readonly [key: BreakKey, play: (playback: Playback, framing: Framing) => Promise<void>])[] = [
  ['cut', breakOff],
  ['stall', stall],
  ['drip', drip],
  ['badChunk', breakChunks],
  ['corruptGzip', corrupt],
];

async function stall(playback: Playback, framing: Framing): Promise<void> {
  await quiet(playback.behaviour.hold, framing, playback);
  await breakOff(playback);
}

/** An event that never ends, byte by byte. */
async function drip(playback: Playback, framing: Framing): Promise<void> {
  const { behaviour, body, clock, signal } = playback;
  const end = behaviour.hold === undefined ? Number.POSITIVE_INFINITY : clock.now() + behaviour.hold;
  await body.write(framing.frame('{"drip":"', undefined, 1).trimEnd());
  while (!signal.aborted && clock.now() < end) {
    await pause(clock, DRIP_INTERVAL, signal);
    await body.write('z');
  }
  await breakOff(playback);
}

async function breakChunks({ body, onBreak }: Playback): Promise<void> {
  onBreak();
  await body.breakChunks();
}

/** Bytes that can't be decompressed, then a clean end. */
async function corrupt({ body }: Playback): Promise<void> {
  for (let count = 0; count < 16; count += 1) await body.writeRaw(BAD_BYTES);
  await body.end();
}

/** One line of so many MiB; a reader of any size of line would find JSON without content. */
async function writeHugeEvent(mebibytes: number, { body, signal }: Playback): Promise<void> {
  const piece = 'z'.repeat(MEBIBYTE);
  await body.write('data: {"huge":"');
  for (let count = 0; count < mebibytes && !signal.aborted; count += 1) await body.write(piece);
  await body.write('"}\n\n');
}

function withBadBytes(frame: string): Uint8Array {
  const at = frame.indexOf('{') + 1;
  const parts = [frame.slice(0, at), '"invalid":"', BAD_BYTES, '",', frame.slice(at)];
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
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
