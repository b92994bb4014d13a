import { useEffect, useState } from 'react';

/** What the server offers its visitors, from `GET /api/server`. */
export interface ServerOffer {
  readonly version: string;
  /** No public authority vouches for the server's certificate: fetching the program must not insist on one. */
  readonly ownCertificate: boolean;
  readonly downloads: readonly Download[];
}

export interface Download {
  /** linux-x64, win-x64, osx-arm64. */
  readonly system: string;
  readonly url: string;
  readonly bytes: number;
}

export type Offer = { at: 'asking' } | { at: 'silent' } | { at: 'here'; offer: ServerOffer };

export function useOffer(): Offer {
  const [offer, setOffer] = useState<Offer>({ at: 'asking' });
  useEffect(() => {
    const stop = new AbortController();
    fetch('/api/server', { signal: stop.signal })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`GET /api/server: ${answer.status}`);
        setOffer({ at: 'here', offer: readOffer(await answer.json()) });
      })
      .catch(() => {
        if (!stop.signal.aborted) setOffer({ at: 'silent' });
      });
    return () => stop.abort();
  }, []);
  return offer;
}

/** Reads the answer without trusting its shape; a download that lies about itself is left out. */
export function readOffer(json: unknown): ServerOffer {
  const body = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const listed = Array.isArray(body['downloads']) ? body['downloads'] as unknown[] : [];
  return {
    version: typeof body['version'] === 'string' ? body['version'] : '',
    ownCertificate: typeof body['fingerprint'] === 'string',
    downloads: listed.flatMap((entry) => {
      const { system, file, size } = (entry ?? {}) as Record<string, unknown>;
      return typeof system === 'string' && typeof file === 'string' && /^[\w.-]+$/.test(file) && typeof size === 'number'
        ? [{ system, url: `/download/${file}`, bytes: size }]
        : [];
    }),
  };
}
