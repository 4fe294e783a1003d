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
  ])('%s', (prompt, type, complexity) => {
    const task = analyseTask(prompt);
    if (type !== undefined) expect(task.type).toBe(type);
    if (complexity !== undefined) expect(task.complexity).toBe(complexity);
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
