import { ProtocolError } from './reader.ts';

/**
 * One JSON object from a peer. Reads members by name and type; a member of the wrong type is the peer's mistake, an unknown one
 * is ignored. Text from a peer is a label: control characters are removed, and it is cut to a length.
 */
export class JsonMessage {
  private constructor(private readonly members: Readonly<Record<string, unknown>>) {}

  static parse(text: string): JsonMessage {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) throw new ProtocolError('A message was not JSON.');
      throw error;
    }
    return JsonMessage.of(value);
  }

  private static of(value: unknown): JsonMessage {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProtocolError('A message was not a JSON object.');
    return new JsonMessage(value as Record<string, unknown>);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  string(name: string): string {
    const value = this.get(name);
    if (typeof value !== 'string') throw new ProtocolError(`The member ${name} of a message was not text.`);
    return value;
  }

  label(name: string, longest = 256): string {
    return cleanLabel(this.string(name), longest);
  }

  boolean(name: string): boolean {
    const value = this.get(name);
    if (typeof value !== 'boolean') throw new ProtocolError(`The member ${name} of a message was not true or false.`);
    return value;
  }

  integer(name: string, least: number, most: number): number {
    const value = this.get(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw new ProtocolError(`The member ${name} of a message was not a whole number from ${least} to ${most}.`);
    }
    return value;
  }

  object(name: string): JsonMessage {
    return JsonMessage.of(this.get(name));
  }

  list(name: string, most: number): readonly JsonMessage[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.length > most) throw new ProtocolError(`The member ${name} of a message was not a list of at most ${most}.`);
    return value.map((entry) => JsonMessage.of(entry));
  }

  texts(name: string, most: number): readonly string[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.length > most || !value.every((entry) => typeof entry === 'string')) {
      throw new ProtocolError(`The member ${name} of a message was not a list of at most ${most} texts.`);
    }
    return value as string[];
  }

  /** Own members only: `constructor` and the like are not a peer's to name. */
  private get(name: string): unknown {
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined;
  }
}

/** Control and direction-override characters out, cut to `longest` characters. */
export function cleanLabel(text: string, longest: number): string {
  return [...text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')].slice(0, longest).join('');
}
