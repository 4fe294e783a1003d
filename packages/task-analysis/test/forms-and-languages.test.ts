import type { Complexity, TaskType } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { analyseTask } from '../src/index.ts';

const ANY = undefined;

describe('a task is recognised in other languages, too', () => {
  it.each<readonly [prompt: string, type: TaskType | undefined, complexity: Complexity | undefined]>([
    ['Überarbeite die gesamte alte Codebasis', 'complex_reasoning', 'high'],
    ['Rediseña la arquitectura de todo el sistema heredado', 'complex_reasoning', 'high'],
    ['重构这套遗留系统的整个代码库', 'complex_reasoning', 'high'],
    ['分散システム全体のアーキテクチャを設計してください', 'complex_reasoning', 'high'],
    ['Verbessere den Tippfehler in der Kopfzeile', ANY, 'low'],
    ['Corrige la faute de frappe dans le titre', ANY, 'low'],
    ['改正第二行的错别字', ANY, 'low'],
    ['Fasse den Artikel in drei Sätzen zusammen', 'summarization', ANY],
    ['Résume ce long article en trois phrases', 'summarization', ANY],
    ['请总结这份报告', 'summarization', ANY],
    ['この文章を英語に翻訳してください', 'translation', ANY],
    ['Was zeigt das angehängte Bild?', 'image_analysis', ANY],
    ['Describe la foto', 'image_analysis', ANY],
    ['この写真には何がありますか', 'image_analysis', ANY],
    ['Erstelle eine OpenAPI-Beschreibung der Schnittstelle', 'json_output', ANY],
    ['Añade la búsqueda con pruebas unitarias', 'code_generation', 'medium'],
    ['README里有个拼写错误，请修复', ANY, 'low'],
    ['この見出しのタイプミスを直してください', ANY, 'low'],
    ['제목의 오타를 고쳐 줘', ANY, 'low'],
    ['Исправь опечатку в нижнем колонтитуле', ANY, 'low'],
    ['Переведи это письмо на английский', 'translation', ANY],
    ['이 기사를 세 문장으로 요약해 줘', 'summarization', ANY],
    ['Напиши короткий рассказ о маяке', 'creative_writing', ANY],
    ['Escribe un programa de consola en Go para ordenar fotos', 'code_generation', 'medium'],
  ])('%s', (prompt, type, complexity) => {
    const task = analyseTask(prompt);
    if (type !== undefined) expect(task.type).toBe(type);
    if (complexity !== undefined) expect(task.complexity).toBe(complexity);
  });
});

describe('a form of prompt is recognised, whatever it is about', () => {
  it.each<readonly [prompt: string, type: TaskType]>([
    [
      'Which of these rivers flows into the Baltic Sea?\nA. Rhine\nB. Oder\nC. Danube\nD. Loire\nAnswer:',
      'simple_query',
    ],
    [
      'Write a function to count the vowels of a word.\nassert vowels("tree") == 2\nassert vowels("rhythm") == 0',
      'code_generation',
    ],
    [
      'def weekday(date: str) -> int:\n    """Gives 0 for Monday.\n    >>> weekday("2024-01-01")\n    0\n    """',
      'code_generation',
    ],
    ['Anna buys 5 tickets at $7 and pays with a $50 note. How much change does she get?', 'complex_reasoning'],
    ['Rewrite this note so that it sounds more polite: send me the keys now', 'creative_writing'],
    [
      'month,visits\nJan,120\nFeb,180\nMar,90\n\nIn which month did the visits fall, and by what share?',
      'data_analysis',
    ],
    ['day;sold\nMon;14\nTue;9\nWed;22\n\nWhich day was the best?', 'data_analysis'],
    ['| team | won |\n|---|---|\n| Reds | 8 |\n| Blues | 5 |\n\nWho leads?', 'data_analysis'],
    ['hello 7', 'simple_query'],
    ['how many stamps in a sheet', 'simple_query'],
    ['Find any memory leaks in the worker', 'code_review'],
  ])('%s', (prompt, type) => expect(analyseTask(prompt).type).toBe(type));

  it('a program for the command line is no small matter', () => {
    expect(analyseTask('Write a CLI in Rust')).toMatchObject({ type: 'code_generation', complexity: 'medium' });
    expect(analyseTask('Write a hello world program in Go').complexity).toBe('low');
  });
});

describe('forms of request that leave no doubt', () => {
  const pasted = Array.from(
    { length: 40 },
    (_, row) => `router.get('/things/${row}', (req, res) => res.json(all[${row}]));`,
  );

  it.each<readonly [instruction: string, type: TaskType]>([
    ['Write an OpenAPI document for them.', 'json_output'],
    ['Summarise what is above.', 'summarization'],
  ])('count behind something pasted as much as in front of it: %s', (instruction, type) => {
    expect(analyseTask(`${pasted.join('\n')}\n\n${instruction}`).type).toBe(type);
    expect(analyseTask(`${instruction}\n\n${pasted.join('\n')}`).type).toBe(type);
  });

  it('an errand with a file of data is an errand', () => {
    expect(analyseTask('Reformat my YAML file')).toMatchObject({ type: 'simple_query', complexity: 'low' });
    expect(analyseTask('Pretty-print this JSON')).toMatchObject({ type: 'simple_query', complexity: 'low' });
  });

  it('code is asked for by who wants a program, whatever the program writes', () => {
    expect(analyseTask('Write a small tool in Go, a converter that prints valid JSON').type).toBe('code_generation');
    expect(analyseTask('Write a script that prints valid JSON').type).toBe('code_generation');
    expect(analyseTask('Scaffold an invoice service').type).toBe('code_generation');
  });
});
