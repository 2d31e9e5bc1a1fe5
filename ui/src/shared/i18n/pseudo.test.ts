import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import en from './en';
import { pseudo, pseudoTexts } from './pseudo';

const flat = (texts: object, prefix = ''): [string, string][] => Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value as object, `${prefix}${key}.`)));
const values = (text: string) => [...text.matchAll(/\{\{[^}]+\}\}/g)].map(String).sort();

test('every text of the catalogues grows by two fifths and keeps its values', () => {
  const grown = new Map(flat(pseudoTexts(en)));
  for (const [key, text] of flat(en)) {
    expect(values(grown.get(key)!), key).toEqual(values(text));
    expect(grown.get(key)!.length, key).toBeGreaterThanOrEqual(Math.floor(text.replace(/\{\{[^}]+\}\}/g, '').length * 1.4));
  }
});

test('values and tags are left alone', () => {
  expect(pseudo('Move {{count}} to <b>Done</b>')).toMatch(/^\[Mövë \{\{count\}\} tö <b>Döñë<\/b> .+\]$/);
});

const SPOKEN = new Set(['label', 'title', 'placeholder', 'aria-label', 'description', 'hint', 'alt', 'confirmLabel']);
const WORDS = /\p{L}{2,}/u;
/** Names and commands that are the same in every language, and what an example of an address looks like. */
const NO_WORDS = /^(Postroom|HTML|IMAP|SMTP|CSV|JSON|URL|API|Ctrl|GET|curl|Python|export \w+=\S+|[\w.+-]+@[\w.*-]+|https?:\/\/\S+|[\w-]+(\.[\w-]+)+(:\d+)?)$/;

function spokenWords(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const note = (node: ts.Node, text: string) => {
    const words = text.trim();
    if (WORDS.test(words) && !NO_WORDS.test(words)) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${words}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node, node.text);
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) note(node, node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('no part of the page speaks English by itself', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx') && !name.endsWith('.test.tsx'));
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((name) => spokenWords(join('src', name)))).toEqual([]);
});
