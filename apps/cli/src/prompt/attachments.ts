import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { type DocumentPart, type ImagePart, type Part, RouterError, type TextPart } from '@signalbox/core';
import { decodeText } from './decode-text.ts';
import { filesOf, isPattern } from './find-files.ts';
import { isBinary } from './is-binary.ts';
import { whyUnreadable } from './why-unreadable.ts';

/** Bytes of all files of one prompt at most: providers take no larger requests, and memory is not for nothing. */
const MOST_BYTES = 32 * 1024 * 1024;

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

/** What `--image` and `--file` name, as parts of the prompt in the order given. Throws RouterError `usage`. */
export async function readAttachments(images: readonly string[], files: readonly string[]): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const file of images) parts.push(await readImage(file));
  const named = new Set<string>();
  for (const word of files) for (const file of isPattern(word) ? await filesOf([word]) : [word]) named.add(file);
  let bytes = 0;
  for (const file of named) {
    bytes += await sizeOf(file);
    if (bytes > MOST_BYTES) {
      throw new RouterError({
        kind: 'usage',
        message: `The files of --file are larger than ${MOST_BYTES / 1024 / 1024} MiB with ${file}: name fewer, or use --parallel for one request each.`,
      });
    }
    parts.push(await readFilePart(file));
  }
  return parts;
}

/** One file as a part of a prompt: text, PDF or image, by its name and its bytes. Throws RouterError `usage`. */
export async function readFilePart(file: string): Promise<TextPart | DocumentPart | ImagePart> {
  if (extname(file).toLowerCase() in IMAGE_TYPES) return readImage(file);
  const bytes = await readBytes(file, 'file');
  // Every PDF begins with this (ISO 32000-1, 7.5.2), whatever its name says.
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') {
    const source = { kind: 'base64', mediaType: 'application/pdf', data: bytes.toString('base64') } as const;
    return { type: 'document', source, title: basename(file) };
  }
  if (isBinary(bytes)) {
    throw new RouterError({ kind: 'usage', message: `${file} is neither text nor PDF nor an image that models take.` });
  }
  return { type: 'text', text: fileText(file, decodeText(bytes)) };
}

/** A text file with its name, so that a model can tell files apart and name them. */
function fileText(file: string, text: string): string {
  return `<file path="${file.replaceAll('"', '&quot;')}">\n${text.endsWith('\n') ? text : `${text}\n`}</file>`;
}

async function readImage(file: string): Promise<ImagePart> {
  const mediaType = IMAGE_TYPES[extname(file).toLowerCase()];
  if (mediaType === undefined) {
    throw new RouterError({
      kind: 'usage',
      message: `${file} is no image that models take: use png, jpeg, gif or webp.`,
    });
  }
  const bytes = await readBytes(file, 'image');
  return { type: 'image', source: { kind: 'base64', mediaType, data: bytes.toString('base64') } };
}

function readBytes(file: string, what: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new RouterError({ kind: 'usage', message: `The ${what} ${file} can't be read: ${whyUnreadable(error)}.` });
  });
}

function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => {
      throw new RouterError({ kind: 'usage', message: `The file ${file} can't be read: ${whyUnreadable(error)}.` });
    },
  );
}
