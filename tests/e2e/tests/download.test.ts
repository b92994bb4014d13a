import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Alongside } from '../harness/alongside.ts';
import { until } from '../harness/until.ts';

interface Facts {
  readonly downloads: readonly { readonly system: string; readonly file: string; readonly size: number; readonly sha256: string }[];
}

let up: Alongside;
const folder = mkdtempSync(join(tmpdir(), 'alongside-download-'));

beforeAll(async () => { up = await Alongside.start(); });

afterAll(async () => {
  await up?.end();
  rmSync(folder, { recursive: true, force: true });
});

test('the server offers the host as one file that runs on a machine without .NET', async () => {
  const offered = await until(async () => {
    const facts = await (await fetch(`${up.ready.server}/api/server`)).json() as Facts;
    return facts.downloads.find((download) => download.system === 'linux-x64');
  }, 85_000, () => 'No host is offered.');
  const bytes = Buffer.from(await (await fetch(`${up.ready.server}/download/${offered.file}`)).arrayBuffer());
  expect(bytes.length).toBe(offered.size);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(offered.sha256);

  const program = join(folder, 'alongside-host');
  writeFileSync(program, bytes);
  chmodSync(program, 0o755);
  const env = { HOME: folder, PATH: '/usr/bin:/bin', DOTNET_ROOT: '/nonexistent', DISPLAY: up.ready.display };
  expect(execFileSync(program, ['--help'], { env, encoding: 'utf8' })).toContain('alongside-host');

  const host = spawn(program, ['--open', '--json', '--server', up.ready.server, '--allow', 'view'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  host.stdout.on('data', (text: Buffer) => { out += text.toString(); });
  try {
    await until(() => /"code": ?"[0-9 ]{11}"/.test(out), 20_000, () => `It opened no room. ${out}`);
  } finally {
    host.kill('SIGTERM');
  }
});

test('/get is a script that any shell can read', async () => {
  const script = await (await fetch(`${up.ready.server}/get`)).text();
  execFileSync('sh', ['-n'], { input: script });
  expect(script).toContain('sha256sum');
});
