/** What a message quotes of a file from a stranger: enough to find the place, however much the file says there. */

const MAX_QUOTED = 60;

/** The first characters of a text. */
export function abridge(text: string): string {
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`;
}

/** A value that came from JSON, in JSON. */
export function quote(value: unknown): string {
  return abridge(value === undefined ? 'undefined' : JSON.stringify(value));
}
