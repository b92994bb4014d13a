/**
 * What surrounds the data of a `picture` operation, so that a decoder of whole JPEG files takes it: a baseline picture of 8 bits, Y Cb Cr, no
 * subsampling, with the example tables of ITU-T T.81, annex K. The quantisers are scaled by quality as libjpeg does it: by 5000 / quality
 * percent below 50, otherwise by 200 - 2 * quality. docs/protocol/codec.md.
 */
export function jpegFile(width: number, height: number, quality: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(headLength + data.length + 2);
  file.set(head);
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  for (const [at, base] of quantisers) {
    for (let i = 0; i < 64; i++) file[at + i] = Math.max(1, Math.min(255, Math.floor((base[i]! * percent + 50) / 100)));
  }
  file.set([height >> 8, height & 255, width >> 8, width & 255], sizeAt);
  file.set(data, headLength);
  file.set([0xff, 0xd9], headLength + data.length);
  return file;
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
}

/** Tables K.1 and K.2 in zigzag order. */
const luminance = bytes(
  '100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d71797064785c656763',
);
const chrominance = bytes(
  '1112121815182f1a1a2f634238426363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363',
);

/** Tables K.3, K.5, K.4, K.6, each in a segment of its own. */
const huffman =
  'ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131' +
  '410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a63' +
  '6465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6' +
  'd7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffc4001f0100030101010101010101010000000000000102030405060708090a0bffc400b5110002' +
  '0102040403040705040400010277000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728' +
  '292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7' +
  'a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa';

const head = bytes(
  // Start of image; JFIF 1.1, no units, 1:1, no thumbnail.
  'ffd8' + 'ffe000104a46494600010100000100010000' +
  // Two tables of quantisers, filled in later.
  `ffdb004300${'00'.repeat(64)}ffdb004301${'00'.repeat(64)}` +
  // Baseline frame: 8 bits, height, width, three components of 1 x 1.
  'ffc0001108' + '00000000' + '03011100021101031101' +
  huffman +
  // One scan of all.
  'ffda000c03010002110311003f00',
);
const headLength = head.length;
const quantisers: readonly [number, Uint8Array][] = [[25, luminance], [94, chrominance]];
const sizeAt = 163;
