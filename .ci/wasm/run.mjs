// Runs scenario files in the WebAssembly module: node run.mjs MODULE TRACES PATH…
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [module, traces, ...paths] = process.argv.slice(2);
const compiled = new WebAssembly.Module(readFileSync(module));
const imports = WebAssembly.Module.imports(compiled);
if (imports.length > 0) {
  console.error("the module wants something of its host:", imports);
  process.exit(1);
}
const lock = new WebAssembly.Instance(compiled).exports;
mkdirSync(traces, { recursive: true });

const totals = { passed: 0, failed: 0 };
for (const path of paths) {
  const name = Buffer.from(path);
  const bytes = Buffer.concat([name, readFileSync(path)]);
  const place = lock.input(bytes.length);
  new Uint8Array(lock.memory.buffer, place, bytes.length).set(bytes);
  lock.run(name.length);
  const output = Buffer.from(lock.memory.buffer, lock.output(), lock.output_length());
  const outcome = JSON.parse(output.toString());
  totals.passed += outcome.passed;
  totals.failed += outcome.failed;
  if (outcome.failed > 0) console.log(outcome.report);
  for (const [file, lines] of Object.entries(outcome.traces)) writeFileSync(join(traces, file), lines);
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 ? 1 : 0);
