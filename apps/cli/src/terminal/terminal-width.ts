/** Columns of a terminal; undefined for a pipe, and for a terminal that does not know its size (`script`, `docker exec -t` and editors say 0). */
export function terminalWidth({ columns }: { readonly columns?: number | undefined }): number | undefined {
  return columns === undefined || columns <= 0 ? undefined : columns;
}
