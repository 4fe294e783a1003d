/** Leaves out what is undefined, so that a request holds only what its caller said. */
export function present<Fields extends object>(fields: Fields): Fields {
  const found: Partial<Fields> = {};
  for (const key in fields) if (fields[key] !== undefined) found[key] = fields[key];
  return found as Fields;
}
