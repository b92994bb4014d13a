// Text that is the same at every run: sentences of ordinary words from a seeded generator.
const WORDS = `the of and to in is was for on that with as it at from by are this be which an or have not were their but one all they has its
more than when time river garden window street water paper stone winter summer letter table market harbour engine signal station
picture measure number reason morning evening small large open quiet early late bright simple careful several between under over
after before while where people children teacher builder printer driver found made kept left held brought carried written drawn
counted moved turned looked waited worked learned travelled answered remembered`.split(/\s+/);

function generator(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
}

function sentence(random) {
  const words = Array.from({ length: 6 + Math.floor(random() * 14) }, () => WORDS[Math.floor(random() * WORDS.length)]);
  words[0] = words[0][0].toUpperCase() + words[0].slice(1);
  return words.join(' ') + '.';
}

function paragraph(random) {
  return Array.from({ length: 3 + Math.floor(random() * 5) }, () => sentence(random)).join(' ');
}
