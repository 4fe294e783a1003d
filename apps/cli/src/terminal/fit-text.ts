import stringWidth from 'string-width';

/** A text in so many columns of a terminal: wide characters take two. What is too long loses its start, or its end, to `…`. */
export function fitText(text: string, columns: number, losing: 'start' | 'end'): string {
  if (stringWidth(text) <= columns) return text;
  const characters = [...text];
  const kept: string[] = [];
  let width = 1;
  while (characters.length > 0) {
    const next = losing === 'start' ? characters.pop() : characters.shift();
    width += stringWidth(next ?? '');
    if (width > columns) break;
    if (losing === 'start') kept.unshift(next ?? '');
    else kept.push(next ?? '');
  }
  return losing === 'start' ? `…${kept.join('')}` : `${kept.join('')}…`;
}
