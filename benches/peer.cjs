// slic-watch's logic on the fragment of an event: `node peer.cjs PLUGIN EVENT CALLS`. Prints `first` after the first call, then the median of the
// later calls in milliseconds, the peak memory in kB, and how many alarms were made.
const fs = require("fs");

const [plugin, event, calls] = process.argv.slice(2);
const Plugin = require(plugin);
const quiet = new Proxy({}, { get: () => () => {} });

// A new template for every call, parsed as a macro would have to; the answer is serialised.
function call() {
  const { fragment } = JSON.parse(fs.readFileSync(event, "utf8"));
  const provider = { name: "aws", compiledCloudFormationTemplate: fragment };
  const topic = "arn:aws:sns:eu-west-1:111122223333:topic";
  const service = { provider, custom: { slicWatch: { topicArn: topic } }, getAllFunctions: () => [], resources: {} };
  const serverless = { service, cli: quiet, getProvider: () => ({}) };
  new Plugin(serverless, {}, { log: quiet }).createSlicWatchResources();
  return JSON.stringify({ status: "success", fragment });
}

const answer = call();
process.stdout.write("first\n");
const times = [];
for (let index = 1; index < Number(calls); index++) {
  const started = process.hrtime.bigint();
  call();
  times.push(Number(process.hrtime.bigint() - started) / 1e6);
}
times.sort((a, b) => a - b);
const peak = /VmHWM:\s*(\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1];
const alarms = answer.split('"AWS::CloudWatch::Alarm"').length - 1;
process.stdout.write(`${times[times.length >> 1]} ${peak} ${alarms}\n`);
