/** One part of a form. */
interface FormPart {
  readonly text: string;
  readonly filename?: string | undefined;
}

/** The parts of a `multipart/form-data` body (RFC 7578) by name: text only, which is all that a file of JSON lines needs. */
export function readFormParts(body: string, contentType: string): ReadonlyMap<string, FormPart> {
  const parts = new Map<string, FormPart>();
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return parts;
  for (const section of `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1)) {
    const end = section.indexOf('\r\n\r\n');
    if (end === -1) continue;
    const head = section.slice(0, end);
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined) parts.set(name, { text: section.slice(end + 4), filename });
  }
  return parts;
}
