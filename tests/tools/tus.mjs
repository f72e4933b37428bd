// Sends a file with the tus client library, as a phone's app would.
//
//   TOKEN=… node tests/tools/tus.mjs ADDRESS FILE
//
// Prints how often the library asked how far the upload is, and exits with 0 once it is through.
import { readFileSync } from 'node:fs';
import { Upload } from 'tus-js-client';

const [endpoint, file] = process.argv.slice(2);
let resumed = 0;
const upload = new Upload(readFileSync(file), {
  endpoint,
  retryDelays: Array(40).fill(50),
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
  onBeforeRequest: (request) => {
    if (request.getMethod() === 'HEAD') resumed += 1;
  },
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess: () => {
    console.log(resumed);
    process.exit(0);
  },
});
upload.start();
