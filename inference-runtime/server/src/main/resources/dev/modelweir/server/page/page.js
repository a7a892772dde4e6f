"use strict";

// Everything that comes from the server is set as text, never as markup.

const POLL_MILLIS = 1000;
const INDEX_EVERY = 5; // polls
const SAMPLES = 60;
// Stands in for extents that the model leaves open, but for the first one, which counts rows.
const OPEN_EXTENT = 8;

const $ = (id) => document.getElementById(id);
const keyOf = (name, version) => (version ? `${name}/${version}` : name);
const pathOf = (model) =>
  `v2/models/${encodeURIComponent(model.name)}/versions/${encodeURIComponent(model.version)}`;

const models = new Map(); // by key: {name, version, state, reason, metadata, config}
const traffic = new Map(); // by key: {last, points: [{rate, latency}], figures}
let chosen = decodeURIComponent(location.hash.slice(1));
let shown = ""; // the key whose signature and sample request are in the page

async function ask(path, options) {
  const response = await fetch(path, { cache: "no-store", ...options });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(errorIn(text) ?? `${response.status} ${response.statusText}`);
  }
  return JSON.parse(text);
}

/** What the server says went wrong, or null when the text is none of its errors. */
function errorIn(text) {
  try {
    const error = JSON.parse(text).error;
    return typeof error === "string" ? error : null;
  } catch {
    return null;
  }
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text ?? "";
  if (className) made.className = className;
  return made;
}

// --- the list of models ---

async function readIndex() {
  const entries = await ask("v2/repository/index", { method: "POST" });
  const keys = new Set();
  for (const entry of entries) {
    const key = keyOf(entry.name, entry.version);
    keys.add(key);
    const known = models.get(key);
    const changed = !known || known.state !== entry.state;
    models.set(key, { ...(changed ? {} : known), ...entry });
    if (changed && key === shown) shown = "";
  }
  for (const key of [...models.keys()]) {
    if (!keys.has(key)) models.delete(key);
  }
  if (!models.has(chosen)) {
    const ready = [...models.entries()].find(([, model]) => model.state === "READY");
    chosen = ready ? ready[0] : ([...models.keys()][0] ?? "");
  }
  drawList();
  await drawModel();
}

function drawList() {
  const list = $("models");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  list.replaceChildren(
    ...[...models.entries()].map(([key, model]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.key = key;
      if (key === chosen) button.setAttribute("aria-current", "true");
      const what = element("span", model.name, "what");
      if (model.version) what.append(" ", element("span", model.version, "version"));
      button.append(what, element("span", model.state.toLowerCase(), `state ${model.state}`));
      button.addEventListener("click", () => choose(key));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  $("empty").hidden = models.size > 0;
}

function choose(key) {
  chosen = key;
  history.replaceState(null, "", `#${encodeURIComponent(key)}`);
  drawList();
  drawModel().catch(unreachable);
}

// --- one model ---

async function drawModel() {
  const key = chosen;
  const model = models.get(key);
  $("choose").hidden = Boolean(model);
  $("detail").hidden = !model;
  if (!model) return;
  $("name").textContent = model.version ? `${model.name}, version ${model.version}` : model.name;
  $("state").textContent = model.state.toLowerCase();
  $("state").className = `state ${model.state}`;
  $("reason").hidden = !model.reason;
  $("reason").textContent = model.reason ?? "";
  const ready = model.state === "READY";
  if (ready && !model.metadata) {
    [model.metadata, model.config] = await Promise.all([
      ask(pathOf(model)),
      ask(`${pathOf(model)}/config`),
    ]);
    if (key !== chosen) return;
  }
  $("serving").hidden = !ready;
  if (ready && shown !== key) {
    shown = key;
    drawSignature(model);
    drawTuning(model.config);
    $("path").textContent = `POST /${pathOf(model)}/infer`;
    $("request").value = sampleRequest(model.metadata);
    $("outcome").textContent = "";
    $("answer").hidden = true;
  }
  drawTraffic();
}

function drawSignature(model) {
  const rows = [];
  for (const [kind, specs] of [
    ["input", model.metadata.inputs],
    ["output", model.metadata.outputs],
  ]) {
    for (const spec of specs) {
      const row = document.createElement("tr");
      const head = element("th", kind);
      head.scope = "row";
      const shape = spec.shape.map((extent) => (extent < 0 ? "any" : extent)).join(" × ");
      row.append(head, element("td", spec.name), element("td", spec.datatype));
      row.append(element("td", shape || "scalar"));
      rows.push(row);
    }
  }
  $("signature").replaceChildren(...rows);
}

function drawTuning(config) {
  const groups = config.instance_group ?? [];
  const queue = config.dynamic_batching?.default_queue_policy;
  const delay = config.dynamic_batching?.max_queue_delay_microseconds;
  drawFigures("tuning", {
    "Rows in one run": config.max_batch_size > 0 ? `up to ${config.max_batch_size}` : "1, not batched",
    "Runs at the same time": groups.reduce((sum, group) => sum + (group.count ?? 1), 0),
    "Waits for more rows": delay ? `${delay / 1000} ms` : "never",
    ...(queue ? { "May wait in the queue": `${queue.max_queue_size} requests` } : {}),
    Platform: config.platform,
  });
}

function drawFigures(id, figures) {
  $(id).replaceChildren(
    ...Object.entries(figures).map(([term, value]) => {
      const pair = document.createElement("div");
      pair.append(element("dt", term), element("dd", String(value)));
      return pair;
    }),
  );
}

// --- traffic ---

async function readTraffic() {
  const { model_stats: all } = await ask("v2/models/stats");
  const now = performance.now();
  for (const stats of all) {
    const key = keyOf(stats.name, stats.version);
    const before = traffic.get(key);
    const points = before && !counterFell(before.stats, stats) ? before.points : [];
    if (points === before?.points) {
      points.push(difference(before.stats, stats, (now - before.at) / 1000));
      if (points.length > SAMPLES) points.shift();
    }
    traffic.set(key, { stats, at: now, points });
  }
  drawTraffic();
}

/** A version that was loaded anew counts from zero again. */
function counterFell(before, after) {
  return after.inference_stats.success.count < before.inference_stats.success.count;
}

function difference(before, after, seconds) {
  const of = (field) => {
    const [a, b] = [before.inference_stats[field], after.inference_stats[field]];
    return { count: b.count - a.count, millis: (b.ns - a.ns) / 1e6 };
  };
  const mean = ({ count, millis }) => (count > 0 ? millis / count : null);
  const success = of("success");
  const runs = after.execution_count - before.execution_count;
  return {
    rate: success.count / seconds,
    latency: mean(success),
    queue: mean(of("queue")),
    failed: of("fail").count / seconds,
    rows: runs > 0 ? (after.inference_count - before.inference_count) / runs : null,
  };
}

function drawTraffic() {
  const seen = traffic.get(chosen);
  const points = seen?.points ?? [];
  const last = points.at(-1);
  $("rate").textContent = last ? rounded(last.rate) : "–";
  $("latency").textContent = millis(last?.latency);
  drawChart("rate-chart", points.map((point) => point.rate), "Requests per second", rounded);
  drawChart("latency-chart", points.map((point) => point.latency), "Mean latency", millis);
  drawFigures("figures", {
    "Mean wait in the queue": millis(last?.queue),
    "Rows in each run": last?.rows == null ? "–" : rounded(last.rows),
    "Failed per second": last ? rounded(last.failed) : "–",
    "Answered since loading": (seen?.stats.inference_stats.success.count ?? 0).toLocaleString("en"),
    "Failed since loading": (seen?.stats.inference_stats.fail.count ?? 0).toLocaleString("en"),
  });
}

function drawChart(id, values, title, format) {
  const [width, height, top] = [300, 60, 4];
  const known = values.filter((value) => value != null);
  const most = Math.max(...known, 0);
  const x = (i) => width - (values.length - 1 - i) * (width / (SAMPLES - 1));
  const y = (value) => height - 1 - (most > 0 ? (value / most) * (height - top - 1) : 0);
  const shape = (tag, className, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    made.setAttribute("class", className);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const parts = [shape("line", "base", { x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 })];
  for (const stretch of stretches(values)) {
    const line = stretch.map(([i, value]) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    const [from, to] = [x(stretch[0][0]), x(stretch.at(-1)[0])];
    parts.push(shape("polygon", "under", { points: `${from},${height} ${line} ${to},${height}` }));
    // A value between two gaps is a short dash, or nothing would be seen of it.
    const seen = stretch.length > 1 ? line : `${(from - 4).toFixed(1)},${y(stretch[0][1]).toFixed(1)} ${line}`;
    parts.push(shape("polyline", "curve", { points: seen }));
  }
  $(id).replaceChildren(...parts);
  $(id).setAttribute("aria-label", `${title} in the last minute, at most ${format(most)}`);
}

/** Pairs of place and value, cut where there is no value. */
function stretches(values) {
  const all = [];
  let open = null;
  values.forEach((value, i) => {
    if (value == null) {
      open = null;
    } else {
      if (!open) all.push((open = []));
      open.push([i, value]);
    }
  });
  return all;
}

function rounded(value) {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function millis(value) {
  return value == null ? "–" : `${value.toLocaleString("en", { maximumSignificantDigits: 3 })} ms`;
}

// --- trying an inference ---

function sampleRequest(metadata) {
  const inputs = metadata.inputs.map((spec) => {
    const shape = spec.shape.map((extent, i) => (extent >= 0 ? extent : i === 0 ? 1 : OPEN_EXTENT));
    const elements = shape.reduce((product, extent) => product * extent, 1);
    const data = new Array(elements).fill(sampleValue(spec));
    const text = (value) => JSON.stringify(value);
    return (
      `    {\n      "name": ${text(spec.name)},\n      "shape": ${text(shape)},\n` +
      `      "datatype": ${text(spec.datatype)},\n      "data": ${text(data)}\n    }`
    );
  });
  return `{\n  "inputs": [\n${inputs.join(",\n")}\n  ]\n}`;
}

function sampleValue(spec) {
  if (spec.datatype === "BYTES") return "text";
  if (spec.datatype === "BOOL") return false;
  if (/^(FP|BF)/.test(spec.datatype)) return 0.5;
  return /mask/.test(spec.name) ? 1 : 0;
}

async function send(event) {
  event.preventDefault();
  if ($("send").disabled) return;
  $("send").disabled = true;
  $("outcome").className = "";
  $("outcome").textContent = "Waiting for the answer …";
  const start = performance.now();
  try {
    const response = await fetch(`${pathOf(models.get(chosen))}/infer`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: $("request").value,
    });
    const text = await response.text();
    const took = millis(performance.now() - start);
    const error = response.ok ? null : (errorIn(text) ?? response.statusText);
    $("outcome").className = response.ok ? "" : "bad";
    $("outcome").textContent = response.ok
      ? `Answered in ${took}`
      : `${response.status} after ${took}: ${error}`;
    $("answer").hidden = !response.ok;
    $("answer").textContent = response.ok ? indented(text) : "";
  } catch (failure) {
    $("outcome").className = "bad";
    $("outcome").textContent = `No answer: ${failure.message}`;
    $("answer").hidden = true;
  } finally {
    $("send").disabled = false;
  }
}

/**
 * JSON with its objects spread over lines and its arrays left on one. Works on the text, because
 * parsing would round 64-bit integers.
 */
function indented(text) {
  let out = "";
  const within = [];
  const newLine = () => `\n${"  ".repeat(within.filter((bracket) => bracket === "{").length)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (token === "{") {
      within.push(token);
      out += token + newLine();
    } else if (token === "[") {
      within.push(token);
      out += token;
    } else if (token === "}" || token === "]") {
      within.pop();
      out += token === "}" ? newLine() + token : token;
    } else if (token === ",") {
      out += within.at(-1) === "{" ? token + newLine() : ", ";
    } else {
      out += token === ":" ? ": " : token;
    }
  }
  return out;
}

// --- the clock ---

function unreachable(failure) {
  $("server").textContent = `The server does not answer: ${failure.message}`;
}

let polls = 0;

async function poll() {
  try {
    if (!document.hidden) {
      if (polls++ % INDEX_EVERY === 0) {
        const about = await ask("v2");
        $("server").textContent = `Inference server ${about.version}`;
        await readIndex();
      }
      await readTraffic();
    }
  } catch (failure) {
    polls = 0;
    unreachable(failure);
  }
  setTimeout(poll, POLL_MILLIS);
}

$("try").addEventListener("submit", send);
$("request").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
});
$("sample").addEventListener("click", () => {
  $("request").value = sampleRequest(models.get(chosen).metadata);
});
poll();
