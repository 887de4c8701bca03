// Reads the QR code in a PNG picture (standard input) as a phone's camera would, and prints its text.
import jsqr from 'jsqr';
import { PNG } from 'pngjs';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { data, width, height } = PNG.sync.read(Buffer.concat(chunks));
const code = (jsqr.default ?? jsqr)(new Uint8ClampedArray(data), width, height);
if (!code) {
  process.stderr.write(`No QR code was found in a picture of ${width} × ${height}.\n`);
  process.exit(1);
}
process.stdout.write(code.data);
