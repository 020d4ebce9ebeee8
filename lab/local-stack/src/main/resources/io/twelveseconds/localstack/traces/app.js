// Two views on /api/v3: a list of traces, and one trace as a waterfall. Whatever comes from a span goes
// into the page as text, never as markup.
const main = document.getElementById("main");
const PALETTE = ["#3d7eff", "#e8833a", "#2fa36b", "#b35bd6", "#d6a419", "#1aa6b7", "#e0568d", "#7d6bf2", "#7c9a2d", "#a8705a"];
const KINDS = ["", "internal", "server", "client", "producer", "consumer"];
const ERROR = 2, CONSUMER = 5;
let services = [];

function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("--")) element.style.setProperty(name, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

async function api(path) {
  const response = await fetch("/api/v3/" + path);
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.error.message), { status: response.status });
  return body;
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
const color = (service) => PALETTE[Math.max(0, services.indexOf(service)) % PALETTE.length];
const badge = (service) => el("span", { class: "service", "--service": color(service) }, service);
const when = (nanos) => new Date(Number(nanos / 1000000n)).toLocaleString();

function duration(nanos) {
  const units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
  const [size, unit] = units.find(([size]) => nanos >= size) ?? units[3];
  return `${Number((nanos / size).toPrecision(3))} ${unit}`;
}

function text(value = {}) {
  const [kind, inner] = Object.entries(value)[0] ?? ["", ""];
  if (kind === "arrayValue") return `[${(inner.values ?? []).map(text).join(", ")}]`;
  if (kind === "kvlistValue") return `{${(inner.values ?? []).map((pair) => `${pair.key}: ${text(pair.value)}`).join(", ")}}`;
  return String(inner);
}

// OTLP JSON to a list of traces, each with its spans in the order of the tree.
function traces(body) {
  const byId = new Map();
  for (const { resource, scopeSpans } of body.result.resourceSpans ?? []) {
    const service = text(resource.attributes?.find((attribute) => attribute.key === "service.name")?.value) || "(no service)";
    for (const { scope, spans } of scopeSpans ?? []) {
      for (const span of spans ?? []) {
        const start = BigInt(span.startTimeUnixNano ?? 0), end = BigInt(span.endTimeUnixNano ?? 0);
        const read = { ...span, service, resource, scope, start, end: end < start ? start : end, failed: span.status?.code === ERROR, children: [] };
        if (!byId.has(span.traceId)) byId.set(span.traceId, []);
        byId.get(span.traceId).push(read);
      }
    }
  }
  return [...byId].map(([id, spans]) => {
    spans.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    const bySpanId = new Map(spans.map((span) => [span.spanId, span]));
    const roots = [];
    for (const span of spans) {
      const parent = bySpanId.get(span.parentSpanId);
      span.orphan = Boolean(span.parentSpanId) && !parent;
      (parent && parent !== span ? parent.children : roots).push(span);
    }
    const ordered = new Set();
    const visit = (span, depth) => {
      if (ordered.has(span)) return;
      ordered.add(Object.assign(span, { depth }));
      span.children.forEach((child) => visit(child, depth + 1));
    };
    // Spans that are each other's parents have no root: they come last.
    [...roots, ...spans].forEach((span) => visit(span, 0));
    const start = spans[0].start, end = spans.reduce((max, span) => (span.end > max ? span.end : max), 0n);
    return {
      id, spans: [...ordered], start, length: Number(end - start) || 1, root: roots.find((span) => !span.orphan) ?? spans[0],
      services: [...new Set(spans.map((span) => span.service))].sort(), errors: spans.filter((span) => span.failed).length,
    };
  });
}

async function showList() {
  document.title = "Traces";
  const chosen = new URLSearchParams(location.search);
  const service = chosen.get("service") ?? "", limit = chosen.get("limit") ?? "20", failed = chosen.get("failed") === "on";
  const option = (value, label, current) => el("option", { value, selected: value === current }, label);
  const submit = (event) => event.target.form.requestSubmit();
  const filter = el("form", { action: "/search" },
    el("select", { name: "service", "aria-label": "Service", onchange: submit }, option("", "All services", service), ...services.map((name) => option(name, name, service))),
    el("select", { name: "limit", "aria-label": "How many", onchange: submit }, ...["20", "50", "100"].map((n) => option(n, `latest ${n}`, limit))),
    el("label", {}, el("input", { type: "checkbox", name: "failed", checked: failed, onchange: submit }), " with errors only"),
    el("button", {}, "Refresh"));
  const query = new URLSearchParams({
    "query.start_time_min": "1970-01-01T00:00:00Z", "query.start_time_max": new Date(Date.now() + 3600e3).toISOString(), "query.num_traces": limit,
  });
  if (service) query.set("query.service_name", service);
  if (failed) query.set("query.attributes", JSON.stringify({ error: "true" }));
  let found = [];
  try {
    found = traces(await api("traces?" + query));
  } catch (failure) {
    if (failure.status !== 404) throw failure;
  }
  const longest = Math.max(...found.map((trace) => trace.length));
  const meter = (share) => {
    const line = el("span", { class: "meter" });
    line.style.width = `${100 * share}%`;
    return line;
  };
  const rows = found.map((trace) => el("tr", {},
    el("td", {}, el("a", { href: "/trace/" + trace.id }, trace.root.name || "(no name)"), el("div", {}, ...trace.services.map(badge))),
    el("td", { class: "dim" }, when(trace.start), el("div", { class: "mono" }, trace.id.slice(0, 12) + "…")),
    el("td", { class: "number" }, String(trace.spans.length)),
    el("td", { class: "number" + (trace.errors ? " error" : " dim") }, String(trace.errors)),
    el("td", { class: "number" }, duration(trace.length), meter(trace.length / longest))));
  const head = el("tr", {}, ...["Trace", "Start", "Spans", "Errors", "Duration"].map((title, i) => el("th", { class: i > 1 ? "number" : "" }, title)));
  main.replaceChildren(filter, el("p"), found.length
    ? el("div", { class: "card" }, el("table", { class: "traces" }, el("thead", {}, head), el("tbody", {}, ...rows)))
    : el("p", { class: "dim" }, "No traces found. Place an order, wait a second, and refresh."));
}

function list(title, pairs) {
  return pairs.length > 0 && el("section", {}, el("h2", {}, title),
    el("dl", {}, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

const attributes = (owner) => (owner?.attributes ?? []).map(({ key, value }) => [key, text(value)]).sort((a, b) => a[0].localeCompare(b[0]));

function details(span, trace) {
  const links = (span.links ?? []).map((link) => el("p", {}, "Link to ", el("a", { class: "mono", href: "/trace/" + link.traceId }, link.traceId), ` span ${link.spanId}`));
  return el("div", { class: "details", "--service": color(span.service) },
    span.failed && el("p", { class: "error" }, "Failed" + (span.status.message ? ": " + span.status.message : "")),
    span.orphan && el("p", { class: "dim" }, `Its parent ${span.parentSpanId} is not in this trace (yet).`),
    list("Span", [["service", span.service], ["kind", KINDS[span.kind ?? 0] || "unspecified"], ["start", "+" + duration(Number(span.start - trace.start))],
      ["duration", duration(Number(span.end - span.start))], ["span id", span.spanId], ["parent", span.parentSpanId ?? "none"], ["instrumentation", `${span.scope?.name ?? ""} ${span.scope?.version ?? ""}`]]),
    list("Attributes", attributes(span)),
    ...(span.events ?? []).map((event) => list(`Event ${event.name ?? ""} at +${duration(Number(BigInt(event.timeUnixNano ?? 0) - trace.start))}`, attributes(event))),
    ...links, list("Resource", attributes(span.resource)));
}

function row(span, trace, open) {
  const percent = (nanos) => (100 * Number(nanos)) / trace.length;
  const left = percent(span.start - trace.start), width = percent(span.end - span.start);
  const bar = el("span", { class: "bar" + (span.kind === CONSUMER ? " async" : "") + (span.failed ? " failed" : "") });
  bar.style.left = `${left}%`;
  bar.style.width = `${width}%`;
  const time = el("span", { class: "time" }, duration(Number(span.end - span.start)));
  // The label stands where there is room: right of the bar, else left of it.
  if (left + width < 85) time.style.left = `${left + width}%`; else if (left > 15) time.style.right = `${100 - left}%`; else time.style.left = "0";
  const button = el("button", { class: "span", "--service": color(span.service), "--depth": Math.min(span.depth, 20), "aria-expanded": String(open.has(span.spanId)), onclick: toggle },
    el("span", { class: "name", title: `${span.service}: ${span.name ?? ""}` },
      el("span", { class: "text" }, span.name || "(no name)", el("span", {}, span.service)),
      span.kind === CONSUMER && el("span", { class: "tag" }, "async"), span.failed && el("span", { class: "tag error" }, "error"), span.orphan && el("span", { class: "tag" }, "no parent")),
    el("span", { class: "lane" }, bar, time));
  const group = el("div", {}, button, open.has(span.spanId) && details(span, trace));
  function toggle() {
    const opens = !open.delete(span.spanId);
    if (opens) {
      open.add(span.spanId);
      group.append(details(span, trace));
    } else {
      group.lastChild.remove();
    }
    button.setAttribute("aria-expanded", String(opens));
  }
  return group;
}

async function showTrace(id) {
  document.title = "Trace " + id.slice(0, 12);
  const open = new Set();
  let shown = 0;
  // Spans come in for a while: services send them in batches, and some work is done after the answer.
  for (let attempt = 0; attempt < 12; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 1000));
    let trace;
    try {
      [trace] = traces(await api("traces/" + encodeURIComponent(id)));
    } catch (failure) {
      if (failure.status !== 404) throw failure;
      main.replaceChildren(el("h1", {}, "No such trace" + (attempt < 11 ? " yet …" : "")), el("p", { class: "dim" }, "Its spans may be on the way; or it was never sampled, or was dropped to make room for newer ones."));
      continue;
    }
    if (trace.spans.length === shown) continue;
    shown = trace.spans.length;
    services = [...new Set([...services, ...trace.services])].sort();
    document.title = `${trace.root.name} · ${duration(trace.length)}`;
    main.replaceChildren(
      el("h1", {}, `${trace.root.service}: ${trace.root.name ?? ""}`),
      el("div", { class: "facts" }, el("span", {}, el("b", {}, duration(trace.length))), el("span", {}, plural(shown, "span")), el("span", {}, plural(trace.services.length, "service")),
        el("span", { class: trace.errors ? "error" : "" }, plural(trace.errors, "error")), el("span", {}, when(trace.start)), el("span", { class: "mono" }, trace.id)),
      el("div", { class: "legend" }, ...trace.services.map(badge)),
      el("div", { class: "card" },
        el("div", { class: "axis" }, el("span", {}, "Service and operation"), el("span", { class: "lane" }, ...[0, 1, 2, 3].map((quarter) => el("span", {}, quarter ? duration((trace.length * quarter) / 4) : "0")))),
        ...trace.spans.map((span) => row(span, trace, open))));
  }
}

document.getElementById("find").addEventListener("submit", (event) => {
  event.preventDefault();
  location.href = "/trace/" + encodeURIComponent(new FormData(event.target).get("id").trim());
});
try {
  services = (await api("services")).services ?? [];
  const [, id] = location.pathname.match(/^\/trace\/([^/]+)$/) ?? [];
  await (id ? showTrace(decodeURIComponent(id)) : showList());
} catch (failure) {
  main.replaceChildren(el("h1", {}, "This did not work"), el("p", { class: "error" }, failure.message));
}
