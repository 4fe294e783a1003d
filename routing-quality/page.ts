import { COMMON } from './evaluate-kinds.ts';
import type { PairFigures } from './evaluate-pairs.ts';
import type { Measures } from './measure-all.ts';
import type { Pair } from './pairs.ts';

/** docs/routing-quality.md. */
export function qualityPage(measures: Measures): string {
  const { pairs, chat, pool, kinds, complexity, fresh, edits, times, size, rows } = measures;
  return `# How good the routing is

Written by \`npm run routing:quality\` from a run; change it there. The data is not part of the repository (\`routing-quality/README.md\` says
where it comes from); without it the command says so and leaves this page alone. The weights that ship are written by \`npm run routing:train\`.

"In domain" is five folds by row: every prompt is scored by heads that saw the other four fifths, also prompts of its own source. "Left out"
is by source: the heads never saw a prompt of it. The second is what to expect of prompts unlike the training data.

## Who needs the strong model

Prompts are sorted by the score \`usefulness\`, and the top share goes to the strong model. APGR is the mean share of the possible gain over all
shares (random 0.5), ± is one standard error; CPT is the least share of strong calls for half and for four fifths of the gain.

| prompts | weak → strong | rows | in domain: APGR | goal | CPT(50) | CPT(80) | by length alone | left out: APGR |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${pairs.map(({ pair, inDomain, leftOut }) => pairLine(pair, inDomain, `${share(leftOut.apgr)} ± ${share(leftOut.error)}`)).join('\n')}
${pairLine(chat.pair, chat.figures, 'the shipped heads; never trained on')}

## A pool of ten models

Ten models of ZeroEval with list prices of late 2024, on its 1,153 prompts: each prompt goes to the model with the highest P(right) − λ · cost,
for λ from 0 up. AIQ is the area under the non-decreasing hull of quality by cost, over the range of costs. The zero router is the hull of
the single models: who is not above it adds nothing.

| | AIQ |
| --- | ---: |
| in domain | ${share(pool.inDomain.aiq, 4)} |
| source left out | ${share(pool.leftOut.aiq, 4)} |
| zero router | ${share(pool.inDomain.zeroRouter, 4)} |
| who knows every answer beforehand | ${share(pool.inDomain.oracle, 4)} |

## Kinds of task

| | rows | accuracy | macro-F1 |
| --- | ---: | ---: | ---: |
| the data's nine kinds, in domain (goals 0.75, 0.65) | ${kinds.inDomain.rows} | ${share(kinds.inDomain.accuracy)} | ${share(kinds.inDomain.macroF1)} |
| our own examples, thirteen kinds, five folds | ${kinds.examples.rows} | ${share(kinds.examples.accuracy)} | ${share(kinds.examples.macroF1)} |
| our own examples of ${kinds.forms.count} forms, form left out | ${kinds.forms.rows} | ${share(kinds.forms.accuracy)} | ${share(kinds.forms.macroF1)} |
${kinds.leftOut.map(({ source, figures }) => `| left out: ${source} | ${figures.rows} | ${share(figures.accuracy)} | ${share(figures.macroF1)} |`).join('\n')}

The data has 17 prompts of reasoning, 11 of data analysis, 5 of structured output and none of summaries or translations: the macro-F1 of the first
row hangs on those few, whose labels come from clusters of prompts and often say something else than the prompt does ("Explain the below javascript" counts as
structured output). Over the four kinds with at least ${COMMON} prompts it is ${share(kinds.inDomain.commonMacroF1)}.
Class weights, and thresholds of the rare kinds chosen with hindsight on these very prompts, brought the first row to 0.55 and not further: its goal is out of reach on these labels.
Some examples in other languages than English were written after a look at what went wrong in arena-hard-v2, so that its row is no longer quite blind.
The ${kinds.forms.rows} examples of ${kinds.forms.count} forms (lettered choices, sums, stubs, stack traces, letters, plans and so on) were written from memory of what such prompts look like; a third of
the forms is left out at a time. That row is too kind, for some words of the lexicon were added after a look at what went wrong. The last
389 of them had not been seen before by anybody: there the kind was right in 50 of 100 without the others, and in 58 with them. Before there were any, the sources that are left out stood at MBPP+ 0.351, arena-hard 0.424 and 0.491, GSM8K 0.718, MATH 0.855, MMLU-Pro 0.286.
These are the bare heads; in use, attachments, an output schema and a few certain forms decide before them.

## Complexity

Told by heads that were trained on four fifths of our own ${complexity.byFold.rows} examples and asked about the rest. They were written and labelled for this
repository by one hand, so the figures say that the head has learned that hand's view, and no more.

| | five folds | form left out |
| --- | ---: | ---: |
| AUC, high against low | ${share(complexity.byFold.auc)} | ${share(complexity.withoutForm.auc)} |
| all three sizes right | ${share(complexity.byFold.accuracy)} | ${share(complexity.withoutForm.accuracy)} |

## Fresh prompts

\`routing-quality/fresh.jsonl\` holds ${fresh.rows} prompts, short and long, of all kinds and in ten languages, that nothing is learned from. One hand wrote and labelled
them and the examples; 22 that were much like an example were replaced before anybody looked at which ones were wrong. The scores were taken before the work that followed and after it, and no choice was made by them. Certain forms decide first here, as they do in use.

| | before | now |
| --- | ---: | ---: |
| kind right | 163 of 202 | ${fresh.kinds} of ${fresh.rows} |
| size right | 177 of 202 | ${fresh.sizes} of ${fresh.rows} |
| both | 146 of 202 | ${fresh.both} of ${fresh.rows} |
| wrongly taken for a plain question | 18 | ${fresh.takenForPlain} |

The standard error of the first three rows is 5 to 6 prompts: their changes are chance. What changed is how often a plain question is assumed. It has to lead by 0.04: that was chosen
by left-out forms and sources, where of the leads from 0 to 0.15 it had the best sum of both, by little, with other examples and words than those that ship; MMLU-Pro loses by it (0.530 before), the other sources gain, or lose a prompt at most. 501 more examples, for forms
known to be weak, were tried: nothing changed here, and nearly every source that is left out lost by them (MMLU-Pro 0.458, MBPP+ 0.903), so they were not taken.

## Edits that mean nothing

Share of ${edits.prompts} prompts, those with a kind, whose kind or complexity changes, so that another model could be chosen:

| edit | changes |
| --- | ---: |
${edits.figures.map(({ edit, flips }) => `| ${edit} | ${(flips * 100).toFixed(1)} % |`).join('\n')}

Features are taken of a tidied text: blanks, line breaks and quotation marks in one form, no courtesy, no full stop at the end, and two swapped letters put right in about
650 common words of tasks. Indentation stays. These are prompts that the heads were trained on, and the common words are those of our own examples: of fresh prompts
more swapped letters will go unnoticed.

## Time and size

The analysis of a prompt of 4 KB took ${ms(times.p50)} (p50), ${ms(times.p95)} (p95), ${ms(times.p99)} (p99) on the machine of this run, which was not idle; at most 3,000 characters
are read of longer ones. \`npm run bench:analysis\` measures CPU, whole decisions too. The weights are ${kilobytes(size.bytes)}, ${kilobytes(size.compressed)} compressed.

## What was learned from

${rows.outcomes} prompts with right and wrong answers of 2 to 18 models (RouteLLM's MMLU and GSM8K runs, MMLU-Pro, ZeroEval: Apache-2.0), ${rows.typed} with a kind of
task (arena-hard, MBPP+ and the same sources), ${rows.examples} of our own. ${rows.exams} of MMLU's questions count as knowledge or mathematics, by their subject. AlpacaEval is only measured on: its licence is not clear.

## What to make of it

- Within a known kind of traffic the order of prompts is better than chance, and, but for GSM8K, better than length. What tells the prompts of a family apart is their
  form: how long the choices of a question are and whether they are numbers, what a program is called with and how it loops. Hashed words and runs of characters,
  kernels and small trees beside it brought nothing that held over repeated folds; on the 313 prompts of GSM8K no more than length was found by any of them.
- A score has to serve every pair of models. The hardest problems of MATH are failed by claude-3-haiku and claude-3.5-sonnet alike, and solved by o1-mini: what puts them
  first for the one pair puts them last for the other. Half of the score is the gain, half is how many models fail; more of either helps one pair as much as it harms the other.
- What no family claims is ordered by the size of the work in three steps, and by nothing else: an order of a finer kind was worse than chance on open chat (AlpacaEval, where
  a judge compares style). To know what they do not know the families are learned beside arena-hard, MBPP+ and our own examples. \`best_for_task\` goes by complexity
  and kind of task first, and difficulty moves the demand by 0.03 at most.
- Penalties, shares and the least claim were chosen by repeated folds over this same data, not in nested ones: the figures in domain are a little kinder than fresh prompts will be.
  Before the families went by form, GSM8K stood at 0.592 and o1-mini at 0.715 on these folds: within the error, but not better.
- Right and wrong answers to exam questions are not how complex work is: the two are reported apart.
- Figures that hang on few rows have wide intervals: 313 prompts of GSM8K have a standard error of about 0.04.
`;
}

function pairLine(pair: Pair, figures: PairFigures, leftOut: string): string {
  const cells = [
    pair.name,
    `${pair.weak} → ${pair.strong}`,
    figures.rows,
    `${share(figures.apgr)} ± ${share(figures.error)}`,
    pair.goal ?? '',
    share(figures.cpt50, 2),
    share(figures.cpt80, 2),
    share(figures.byLength),
    leftOut,
  ];
  return `| ${cells.join(' | ')} |`;
}

const share = (value: number, digits = 3) => value.toFixed(digits);
const ms = (value: number) => `${value.toFixed(2)} ms`;
const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KB`;
