// What core may use of its surroundings, and all of it: core is compiled without the DOM library.
interface CryptoKey {}
interface SubtleCrypto {
  importKey(format: string, key: unknown, algorithm: unknown, extractable: boolean, usages: string[]): Promise<CryptoKey>;
  exportKey(format: string, key: CryptoKey): Promise<ArrayBuffer>;
  generateKey(algorithm: unknown, extractable: boolean, usages: string[]): Promise<unknown>;
  deriveBits(algorithm: unknown, key: CryptoKey, length: number): Promise<ArrayBuffer>;
  digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>;
  sign(algorithm: unknown, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
  encrypt(algorithm: unknown, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
  decrypt(algorithm: unknown, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
}
declare const crypto: { readonly subtle: SubtleCrypto; getRandomValues<T extends ArrayBufferView>(array: T): T };
declare class TextEncoder { encode(text: string): Uint8Array<ArrayBuffer> }
declare class TextDecoder { constructor(label?: string, options?: { fatal?: boolean }); decode(bytes: Uint8Array): string }
