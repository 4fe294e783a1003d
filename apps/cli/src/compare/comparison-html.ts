import { comparisonRows } from './comparison-table.ts';
import type { Entry } from './contestant.ts';
import type { Judgement } from './judge.ts';

/** What a page shows beside the entries. */
export interface PageText {
  readonly prompt: string;
  readonly judgement: Judgement | undefined;
  /** When it was asked, as people read it. */
  readonly date: string;
}

/** A comparison as one page: nothing in it is loaded from elsewhere, nothing runs, and what models wrote is text. */
export function comparisonHtml(entries: readonly Entry[], { prompt, judgement, date }: PageText): string {
  const rows = comparisonRows(judgement);
  const head = rows.map(([title]) => `<th>${escaped(title)}</th>`).join('');
  const body = entries
    .map((entry, place) => `<tr>${rows.map(([, cell]) => `<td>${escaped(cell(entry, place))}</td>`).join('')}</tr>`)
    .join('\n');
  const answers = entries
    .map(({ name, candidate, answer, problem }, place) => {
      const reason = judgement?.reasons[place];
      return `<section>
<h2>${escaped(name)}</h2>
${candidate === undefined || candidate === name ? '' : `<p class="model">${escaped(candidate)}</p>`}
${problem === undefined ? '' : `<p class="failed">${escaped(problem)}</p>`}
<pre>${escaped(answer)}</pre>
${reason === undefined ? '' : `<p class="reason">${escaped(reason)}</p>`}
</section>`;
    })
    .join('\n');
  const judged = judgement === undefined ? '' : `<p>Quality as judged by ${escaped(judgement.judge)}.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Comparison of ${escaped(entries.map(({ name }) => name).join(', '))}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem }
section { border: 1px solid #ccc; border-radius: .4rem; padding: 0 1rem 1rem; min-width: 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace }
.prompt { background: #f4f4f4; padding: 1rem; border-radius: .4rem }
table { border-collapse: collapse; margin: 1rem 0 } th, td { text-align: left; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid #ddd }
.model, .reason, footer { color: #555 } .failed { color: #a00 }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #e6e6e6 } .prompt { background: #242424 } section, th, td { border-color: #444 } .model, .reason, footer { color: #aaa } .failed { color: #f88 } }
</style>
</head>
<body>
<h1>Comparison</h1>
<pre class="prompt">${escaped(prompt)}</pre>
<div style="overflow-x: auto"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>
${judged}
<div class="answers">
${answers}
</div>
<footer><p>${escaped(date)} · signalbox</p></footer>
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
