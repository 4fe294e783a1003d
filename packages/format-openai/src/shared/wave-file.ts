import type { MediaSource } from '@signalbox/core';

/** Raw samples, as Google gives and takes them: `audio/L16;codec=pcm;rate=24000`, `audio/pcm;rate=16000`. */
const PCM = /^audio\/(?:l16|pcm)(?![\w-])/i;

/** What Google's speech has where it does not say (ai.google.dev, Speech generation): 24 kHz, one channel, 16 bits, little-endian. */
const DEFAULT_RATE = 24_000;
const BYTES_PER_SAMPLE = 2;

/** RIFF, `fmt `, a filler, and the head of `data`: a multiple of three bytes, so that in base64 it ends where a group of four letters does. */
const HEADER_BYTES = 54;

/**
 * Raw samples with the header of a WAV file before them, in base64; undefined for sound of another kind. Nothing is decoded: the samples stay the
 * letters that they are.
 *
 * @example
 * ```ts
 * waveFile({ kind: 'base64', mediaType: 'audio/L16;rate=24000', data: 'AAAB' }); // 'UklGR…AAAB'
 * ```
 */
export function waveFile(source: Extract<MediaSource, { kind: 'base64' }>): string | undefined {
  const { mediaType, data } = source;
  if (!PCM.test(mediaType)) return undefined;
  const rate = parameter(mediaType, 'rate') ?? DEFAULT_RATE;
  const channels = parameter(mediaType, 'channels') ?? 1;
  return header(rate, channels, byteLength(data)) + data;
}

function parameter(mediaType: string, name: string): number | undefined {
  const value = Number(new RegExp(`;\\s*${name}\\s*=\\s*"?(\\d+)`, 'i').exec(mediaType)?.[1]);
  return value > 0 ? value : undefined;
}

/** How many bytes a text in base64 stands for. */
function byteLength(data: string): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.floor((data.length * 3) / 4) - padding;
}

function header(rate: number, channels: number, bytes: number): string {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  let at = 0;
  const word = (text: string) => {
    for (const letter of text) view.setUint8(at++, letter.charCodeAt(0));
  };
  const number = (value: number, size: 2 | 4) => {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  };
  word('RIFF');
  number(HEADER_BYTES - 8 + bytes, 4);
  word('WAVEfmt ');
  number(16, 4);
  number(1, 2);
  number(channels, 2);
  number(rate, 4);
  number(rate * channels * BYTES_PER_SAMPLE, 4);
  number(channels * BYTES_PER_SAMPLE, 2);
  number(BYTES_PER_SAMPLE * 8, 2);
  word('JUNK');
  number(2, 4);
  number(0, 2);
  word('data');
  number(bytes, 4);
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}
