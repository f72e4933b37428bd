// Processor time of sharp for the files named: hash, decoding, turning, both copies. Without
// EXIF's facts, fingerprint and measures, which it would need as well.
//   node sharp.js RUNS FILE…
const crypto = require("crypto");
const fs = require("fs");
const sharp = require("sharp");

sharp.concurrency(1);
sharp.cache(false);

(async () => {
  const [runs, ...files] = process.argv.slice(2);
  for (const file of files) {
    for (let run = 0; run < Number(runs); run++) {
      const before = process.cpuUsage();
      const bytes = fs.readFileSync(file);
      crypto.createHash("sha256").update(bytes).digest("hex");
      const display = await sharp(bytes).rotate()
        .resize(1600, 1600, { fit: "inside", withoutEnlargement: true })
        .jpeg({ quality: 80 }).toBuffer();
      await sharp(display).resize(320, 320, { fit: "inside" }).jpeg({ quality: 80 }).toBuffer();
      const { user, system } = process.cpuUsage(before);
      console.log(file, ((user + system) / 1000).toFixed(2));
    }
  }
  console.log("peak", process.resourceUsage().maxRSS, "kB");
})();
