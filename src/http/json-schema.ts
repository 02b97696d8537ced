/** The schemas that validate, in words that others read: https://json-schema.org/draft/2020-12 */

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A valibot schema, or a step of its pipe, as far as it is looked at here. */
interface Step {
  readonly type: string;
  readonly pipe?: readonly Step[];
  readonly requirement?: unknown;
  readonly operation?: unknown;
  readonly description?: string;
  readonly metadata?: object;
}

/**
 * What a query may hold for a parameter. A check in code says by v.metadata what it comes down to.
 * @param schema a string, and what is done with it
 * @throws TypeError for a step that is not known here
 */
export function jsonSchemaOf(schema: Step): JsonSchema {
  let described: JsonSchema = {};
  for (const step of stepsOf(schema)) described = describe(described, step);
  return described;
}

function stepsOf(step: Step): readonly Step[] {
  return step.pipe ? step.pipe.flatMap(stepsOf) : [step];
}

function describe(before: JsonSchema, step: Step): JsonSchema {
  const { type, requirement, operation, description, metadata } = step;
  switch (type) {
    case 'string':
      return { type };
    case 'regex':
      return { ...before, pattern: patternOf(requirement as RegExp) };
    case 'min_length':
      return { ...before, minLength: requirement };
    case 'min_value':
      return { ...before, minimum: requirement };
    case 'max_value':
      return { ...before, maximum: requirement };
    case 'description':
      return { ...before, description };
    case 'metadata':
      return { ...before, ...metadata };
    case 'transform':
      return operation === Number ? { type: 'integer' } : before;
    case 'check':
    case 'to_lower_case':
      return before;
  }
  throw new TypeError(`${type}: no such step is known`);
}

/** JSON Schema's patterns have no flags. */
function patternOf({ source, ignoreCase }: RegExp): string {
  return ignoreCase ? source.replaceAll('a-f', 'a-fA-F') : source;
}
