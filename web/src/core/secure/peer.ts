import type { Credential, CredentialBook, SecuredDetails, SecureListener } from './types.ts';

/** One side of one pair. Times are microseconds of a monotonic clock. */
export class SecurePeer {
  private constructor(private readonly listener: SecureListener, private readonly credential: Credential | CredentialBook) {}

  static viewer(credential: Credential, _capabilities: readonly number[], listener: SecureListener): SecurePeer {
    return new SecurePeer(listener, credential);
  }

  static host(book: CredentialBook, _capabilities: readonly number[], listener: SecureListener): SecurePeer {
    return new SecurePeer(listener, book);
  }

  get isSecured(): boolean {
    return false;
  }

  get details(): SecuredDetails | undefined {
    return undefined;
  }

  get resumeCredential(): Credential | undefined {
    return undefined;
  }

  /** When `tick` is due; undefined: nothing is due. */
  get nextDeadline(): number | undefined {
    return undefined;
  }

  /** Viewer only: says Hello. On a running session it uses the resume credential unless told otherwise. */
  start(_now: number, _credential?: Credential): Promise<void> {
    return Promise.reject(new Error(String(this.credential) + String(this.listener)));
  }

  /** Payloads are worked on in the order given, whether or not the caller waits. */
  handle(_now: number, _payload: Uint8Array): Promise<void> {
    return Promise.reject(new Error());
  }

  tick(_now: number): Promise<void> {
    return Promise.reject(new Error());
  }

  /** False: there is no session to send on, nothing was kept. The message is copied. */
  send(_now: number, _channel: number, _message: Uint8Array): boolean {
    return false;
  }

  /** Forgets all keys; nothing is told any more. */
  close(): void {}
}
