// A client on Node's own modules: single votes at once, and a stream that waits for its answers.
// node node.mjs h2|http1 URL CONSULTATION [CERTIFICATE]; prints what it saw as JSON.

import fs from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";

const [protocol, url, consultation, certificate] = process.argv.slice(2);
const ca = certificate && fs.readFileSync(certificate);
const session = protocol === "h2" ? http2.connect(url, { ca }) : null;
const Agent = (url.startsWith("https:") ? https : http).Agent;
const agent = new Agent({ keepAlive: true, maxSockets: 8, ca });
const phase = `/v1/consultations/${consultation}/phases/ideas`;

/** A request whose body is still to be written, and the response when its head is there. */
function start(method, path, headers = {}) {
  if (session) {
    const request = session.request({ ":method": method, ":path": path, ...headers });
    const response = new Promise((resolve, reject) => {
      request.on("error", reject);
      request.on("response", (head) => resolve({ status: head[":status"], body: request }));
    });
    return { request, response };
  }
  const module = url.startsWith("https:") ? https : http;
  const request = module.request(url + path, { method, headers, agent });
  const response = new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (answer) => resolve({ status: answer.statusCode, body: answer }));
  });
  return { request, response };
}

async function ask(method, path, body) {
  const { request, response } = start(
    method, path, body === undefined ? {} : { "content-type": "application/json" });
  request.end(body);
  const answer = await response;
  let text = "";
  for await (const piece of answer.body.setEncoding("utf8")) text += piece;
  return { status: answer.status, json: JSON.parse(text) };
}

async function stream(lines, batch) {
  const { request, response } = start(
    "POST", `${phase}/votes`, { "content-type": "application/x-ndjson" });
  if (!session) request.flushHeaders();
  let sent = 0;
  const send = () => {
    for (const end = sent + batch; sent < end; sent++)
      request.write(JSON.stringify({ proposal: "p2", account: `${consultation}-s${sent}` }) + "\n");
  };
  const answer = await response;
  send();
  let rest = "";
  let done = null;
  for await (const piece of answer.body.setEncoding("utf8")) {
    const answers = (rest + piece).split("\n");
    rest = answers.pop();
    for (const line of answers.map(JSON.parse)) {
      if (line.done) done = line;
      else if (line.through === sent && sent < lines) send();
      else if (line.through === lines) request.end();
    }
  }
  return done;
}

const votes = await Promise.all(Array.from({ length: 200 }, (_, number) =>
  ask("PUT", `${phase}/proposals/p1/votes/${consultation}-${number}`, "{}")));
const done = await stream(1000, 100);
const tally = await ask("GET", `${phase}/tally`);
const refused = await ask("GET", "/v1/consultations/nobody%2Fknows");
console.log(JSON.stringify({
  votes: votes.map((vote) => vote.status), done, tally: tally.json, refused: refused.json.type,
}));
session?.close();
agent.destroy();
