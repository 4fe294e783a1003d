/** The code blocks of a language in a Markdown page, in their order. */
export function codeBlocks(page: string, language: string): readonly string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...page.matchAll(fence)].map((match) => match[1] ?? '');
}
