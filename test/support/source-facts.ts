import { parseSync } from 'vite';

/** An import of any form: static, `export from`, `import()`, `import('x').T`, or `new URL('x.ts', import.meta.url)`. */
export interface ImportFact {
  /** The specifier as written; undefined where it is computed. */
  readonly from: string | undefined;
  readonly kind: 'value' | 'type' | 'lazy';
  readonly line: number;
}

/** A use of something that the file does not declare: `Date.now`, `Math` (bare), `Math[?]` (computed), `async`, `**`. */
export interface UseFact {
  readonly name: string;
  readonly line: number;
}

export interface SourceFacts {
  readonly imports: readonly ImportFact[];
  readonly globals: readonly UseFact[];
  /** Names after a dot, on any object. */
  readonly members: readonly UseFact[];
  /** `async` functions, `await`, `for await`, `await using`. */
  readonly asyncs: readonly UseFact[];
  /** `**` on numbers; on bigints it is exact. */
  readonly powers: readonly UseFact[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Type syntax that holds an expression; all other `TS...` nodes hold types only. */
const WRAPPERS = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'];
const KEYED = ['Property', 'MethodDefinition', 'PropertyDefinition', 'AccessorProperty'];
const UNSEEN = ['ImportSpecifier', 'ImportDefaultSpecifier', 'ImportNamespaceSpecifier', 'LabeledStatement'];

/**
 * Parses TypeScript and says what it reaches for outside itself. Comments, strings and types cannot be mistaken for code.
 * Scopes are not told apart: a name that is declared anywhere in the file counts as the file's own.
 * @throws {Error} where the text is no TypeScript.
 */
export function sourceFacts(path: string, text: string): SourceFacts {
  const { program, errors } = parseSync(path, text);
  const first = errors[0];
  if (first !== undefined) throw new Error(`${path}: ${first.message}`);
  const reader = new Reader(text);
  reader.visit(program as unknown as Node, undefined, '', false);
  return reader.facts();
}

class Reader {
  readonly #text: string;
  readonly #imports: ImportFact[] = [];
  readonly #references: UseFact[] = [];
  readonly #members: UseFact[] = [];
  readonly #asyncs: UseFact[] = [];
  readonly #powers: UseFact[] = [];
  readonly #declared = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  facts(): SourceFacts {
    const globals = this.#references.filter(({ name }) => !this.#declared.has(name.split(/[.[]/)[0] ?? name));
    const members = this.#members;
    return { imports: this.#imports, globals, members, asyncs: this.#asyncs, powers: this.#powers };
  }

  visit(node: Node, parent: Node | undefined, key: string, isType: boolean): void {
    const inType = isType || (node.type.startsWith('TS') && !WRAPPERS.includes(node.type));
    this.#import(node);
    // `export { x } from`: the names are the other file's.
    if (node.type === 'ExportNamedDeclaration' && isNode(node.source)) return;
    this.#declare(node);
    if (!inType) this.#use(node, parent, key);
    for (const [childKey, child] of Object.entries(node)) {
      for (const item of Array.isArray(child) ? child : [child]) {
        if (isNode(item)) this.visit(item, node, childKey, inType);
      }
    }
  }

  #line(node: Node): number {
    return this.#text.slice(0, node.start).split('\n').length;
  }

  #import(node: Node): void {
    const add = (source: unknown, kind: ImportFact['kind']) =>
      this.#imports.push({ from: textOf(source), kind, line: this.#line(node) });
    if (node.type === 'ImportDeclaration') add(node.source, isTypeOnly(node, 'importKind') ? 'type' : 'value');
    else if (node.type.startsWith('Export') && isNode(node.source)) {
      add(node.source, isTypeOnly(node, 'exportKind') ? 'type' : 'value');
    } else if (node.type === 'ImportExpression') add(node.source, 'lazy');
    else if (node.type === 'TSImportType') add(node.source, 'type');
    else if (node.type === 'TSExternalModuleReference') add(node.expression, 'value');
    else if (node.type === 'NewExpression' && isNode(node.callee) && node.callee.name === 'URL') {
      const [target, base] = node.arguments as readonly unknown[];
      const isHere = isNode(base) && isNode(base.object) && base.object.type === 'MetaProperty';
      if (isHere && /\.[jt]sx?$/.test(textOf(target) ?? '')) add(target, 'lazy');
    }
  }

  /** Every place that gives a name: variables, parameters, functions, classes, imports. */
  #declare(node: Node): void {
    const names = (pattern: unknown): void => {
      if (!isNode(pattern)) return;
      if (pattern.type === 'Identifier') this.#declared.add(String(pattern.name));
      for (const part of [pattern.argument, pattern.left, pattern.value, pattern.parameter]) names(part);
      for (const part of [pattern.elements, pattern.properties]) if (Array.isArray(part)) part.forEach(names);
    };
    if (/^(VariableDeclarator|Class(Declaration|Expression))$/.test(node.type)) names(node.id);
    else if (/Function/.test(node.type)) [node.id, ...((node.params as unknown[] | undefined) ?? [])].forEach(names);
    else if (node.type.startsWith('Import')) names(node.local);
    else if (node.type === 'CatchClause') names(node.param);
  }

  #use(node: Node, parent: Node | undefined, key: string): void {
    const line = this.#line(node);
    if (node.type === 'Identifier' && isReference(parent, key)) {
      this.#references.push({ name: withMember(String(node.name), parent, key), line });
    } else if (node.type === 'MetaProperty') this.#references.push({ name: 'import.meta', line });
    else if (node.type === 'MemberExpression') {
      const name = memberName(node);
      if (name !== undefined) this.#members.push({ name, line });
    } else if (node.operator === '**' || node.operator === '**=') {
      if (!isBigint(node.left) && !isBigint(node.right)) this.#powers.push({ name: '**', line });
    }
    const isAsync = node.async === true || node.await === true || node.kind === 'await using';
    if (isAsync || node.type === 'AwaitExpression') this.#asyncs.push({ name: 'async', line });
  }
}

function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  const quasis = node.quasis as readonly { readonly value: { readonly cooked: string } }[] | undefined;
  return quasis?.length === 1 ? quasis[0]?.value.cooked : undefined;
}

function isTypeOnly(node: Node, kind: 'importKind' | 'exportKind'): boolean {
  const specifiers = (node.specifiers ?? []) as readonly Node[];
  return (
    node[kind] === 'type' || (specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type'))
  );
}

/** Whether an identifier at this place is read as a variable, not as a property's name or a label. */
function isReference(parent: Node | undefined, key: string): boolean {
  if (parent === undefined || UNSEEN.includes(parent.type) || parent.type === 'MetaProperty') return false;
  if (key === 'property' && parent.type === 'MemberExpression') return parent.computed === true;
  if (key === 'key' && KEYED.includes(parent.type)) return parent.computed === true;
  return key !== 'exported' && key !== 'label';
}

function withMember(name: string, parent: Node | undefined, key: string): string {
  if (parent?.type !== 'MemberExpression' || key !== 'object') return name;
  const member = memberName(parent);
  return member === undefined ? `${name}[?]` : `${name}.${member}`;
}

function memberName(node: Node): string | undefined {
  if (node.computed === true) return textOf(node.property);
  return isNode(node.property) ? String(node.property.name) : undefined;
}

const isBigint = (node: unknown): boolean =>
  isNode(node) && (typeof node.bigint === 'string' || (isNode(node.callee) && node.callee.name === 'BigInt'));
