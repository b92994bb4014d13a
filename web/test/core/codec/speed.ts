// npm run speed -- FILE...: the decoder's processor time for each update of golden files (tests/vectors/codec/README.md); large ones are made by
// `./alongside bench codec-vectors --size 1920x1080 --from 0 --count 20 FILE OUT` from what `bench record` wrote. Each file is played until the
// compiler has nothing left to do; the least time of the last rounds counts, which other programs on the machine disturb least.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UpdateDecoder } from '../../../src/core/codec/update-decoder.ts';
import { parseGolden } from './golden-updates.ts';

const rounds = 12;
const warm = 4;

for (const file of process.argv.slice(2)) {
  const updates = parseGolden(readFileSync(file)).filter(({ hash }) => hash !== undefined);
  const least = updates.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    const decoder = new UpdateDecoder();
    updates.forEach(({ update }, place) => {
      const start = process.cpuUsage();
      decoder.apply(update);
      const { user, system } = process.cpuUsage(start);
      const taken = (user + system) / 1000;
      if (round >= warm) least[place] = Math.min(least[place]!, taken);
    });
  }
  const [first, ...rest] = least;
  const mean = rest.reduce((sum, ms) => sum + ms, 0) / rest.length;
  console.log(`${basename(file).padEnd(28)} first ${first!.toFixed(2)} ms, then ${mean.toFixed(2)} ms on average, ${Math.max(...rest).toFixed(2)} ms at most`);
}
