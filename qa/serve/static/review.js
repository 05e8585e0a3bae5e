// The review page.  It keeps the text that was sent, the findings of the answer, and a decision for each of them;
// what is shown, copied and downloaded is made from these three.

const $ = (id) => document.getElementById(id);
const SYNTAX_OF = { html: "html", htm: "html", xhtml: "html", md: "markdown", markdown: "markdown" };
const MOST_SUGGESTIONS = 9;

let text = "";
let syntax = "text";
let file = null; // the file that was taken, if any: { name, content, mark }
let findings = [];
let decisions = []; // for each finding: undefined, { suggestion } or { rejected: true }
let rejected = new Set(); // fingerprints, kept when the text is checked again
let current = -1;

const say = (message) => { $("status").textContent = message; };

// ---- the service ----

async function ask(path, body) {
  const headers = { "content-type": "application/json" };
  if ($("token").value) headers.authorization = `Bearer ${$("token").value}`;
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) $("token-row").hidden = false;
  if (!response.ok) throw new Error(answer.error?.message ?? `The server answered ${response.status}.`);
  return answer;
}

async function check(content) {
  say("Checking …");
  const body = { [syntax]: content, ignored: [...rejected] };
  if ($("language").value) body.language = $("language").value;
  try {
    const answer = await ask("/v1/check", body);
    text = content;
    show(answer);
  } catch (error) {
    say(error.message);
  }
}

function show(answer) {
  const report = answer.fields.text;
  findings = report.findings;
  decisions = findings.map(() => undefined);
  $("entry").hidden = true;
  $("review").hidden = false;
  $("gate").className = answer.gate;
  $("gate").textContent = { pass: "May be published", warn: "May be published, with warnings", block: "Blocked" }[answer.gate];
  $("reasons").replaceChildren(...answer.reasons.map((reason) => element("li", {}, reason.message)));
  $("text").lang = report.language ?? "";
  const left = report.skipped.length ? ` Not judged: ${[...new Set(report.skipped.map((each) => each.reason))].join("; ")}.` : "";
  say((findings.length ? "" : "No findings.") + left);
  current = -1;
  draw();
  panel();
  if (findings.length) go(0); else $("again").focus();
}

// ---- drawing ----

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function replacement(number) {
  const decision = decisions[number];
  return decision && !decision.rejected ? findings[number].suggestions[decision.suggestion] : undefined;
}

function repaired() {
  let result = "", last = 0;
  findings.forEach((finding, number) => {
    const put = replacement(number);
    if (put === undefined) return;
    result += text.slice(last, finding.utf16_start) + put;
    last = finding.utf16_end;
  });
  return result + text.slice(last);
}

function plain(piece) {
  if (syntax !== "html") return [piece];
  return piece.split(/(<[^<>]*>)/).filter(Boolean)
    .map((part) => part.startsWith("<") ? element("span", { className: "tag" }, part) : part);
}

function draw() {
  const parts = [];
  let last = 0;
  findings.forEach((finding, number) => {
    parts.push(...plain(text.slice(last, finding.utf16_start)), mark(finding, number));
    last = finding.utf16_end;
  });
  parts.push(...plain(text.slice(last)));
  $("text").replaceChildren(...parts);
  const open = decisions.filter((each) => !each).length;
  $("count").textContent = `${findings.length} findings, ${open} open`;
}

function mark(finding, number) {
  const put = replacement(number);
  const state = put !== undefined ? "accepted" : decisions[number]?.rejected ? "rejected" : "open";
  const shown = put ?? finding.text;
  const made = element("mark", { className: `${finding.severity} ${state}`, tabIndex: 0, id: `finding-${number}` }, shown || "‸");
  made.setAttribute("role", "button");
  made.setAttribute("aria-label", `${shown || "nothing"}: ${state}, ${finding.severity}. ${finding.message}`);
  if (number === current) made.setAttribute("aria-current", "true");
  made.addEventListener("click", () => go(number));
  made.addEventListener("focus", () => { if (current !== number) select(number); });
  return made;
}

function select(number) {
  document.querySelector("mark[aria-current]")?.removeAttribute("aria-current");
  current = number;
  $(`finding-${number}`)?.setAttribute("aria-current", "true");
  panel();
}

function panel() {
  const finding = findings[current];
  $("panel").hidden = !finding;
  if (!finding) return;
  $("where").textContent = `${current + 1} of ${findings.length} · ${finding.category} · ${finding.severity}`;
  $("message").textContent = finding.message;
  const buttons = finding.suggestions.slice(0, MOST_SUGGESTIONS).map((suggestion, number) => {
    const chosen = decisions[current] && !decisions[current].rejected && decisions[current].suggestion === number;
    const made = element("button", { type: "button" },
      element("kbd", {}, number ? `${number + 1}` : "a"), " ",
      element("del", {}, finding.text || "‸"), " → ", element("ins", {}, suggestion || "(deleted)"));
    made.setAttribute("aria-pressed", chosen ? "true" : "false");
    made.addEventListener("click", () => decide({ suggestion: number }));
    return made;
  });
  $("suggestions").replaceChildren(...(buttons.length ? buttons : [element("p", {}, "No repair is offered.")]));
  $("reject").disabled = Boolean(decisions[current]?.rejected);
  $("undo").disabled = !decisions[current];
}

// ---- deciding ----

function go(number) {
  if (!findings.length) return;
  select((number + findings.length) % findings.length);
  const shown = $(`finding-${current}`);
  shown.focus({ preventScroll: true });
  shown.scrollIntoView({ block: "nearest" });
}

function settle(number, decision) {
  decisions[number] = decision;
  if (decision?.rejected) rejected.add(findings[number].fingerprint);
  else rejected.delete(findings[number].fingerprint);
}

function decide(decision) {
  if (current < 0 || (decision && !decision.rejected && findings[current].suggestions[decision.suggestion] === undefined)) return;
  settle(current, decision);
  draw();
  const order = findings.map((_, step) => (current + 1 + step) % findings.length);
  const next = decision ? order.find((number) => !decisions[number]) : current;
  go(next ?? current);
  if (decision && next === undefined) say("Everything is decided. Check again to see whether it may be published.");
}

const KEYS = {
  n: () => go(current + 1), j: () => go(current + 1), ArrowRight: () => go(current + 1),
  p: () => go(current - 1), k: () => go(current - 1), ArrowLeft: () => go(current - 1),
  a: () => decide({ suggestion: 0 }), r: () => decide({ rejected: true }), u: () => decide(undefined),
};

$("review").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const digit = /^[1-9]$/.test(event.key) ? () => decide({ suggestion: Number(event.key) - 1 }) : undefined;
  const action = KEYS[event.key] ?? digit;
  if (action) {
    event.preventDefault();
    action();
  }
});

$("next").addEventListener("click", () => go(current + 1));
$("previous").addEventListener("click", () => go(current - 1));
$("reject").addEventListener("click", () => decide({ rejected: true }));
$("undo").addEventListener("click", () => decide(undefined));
$("again").addEventListener("click", () => check(repaired()));
$("safe").addEventListener("click", () => {
  findings.forEach((finding, number) => { if (finding.safety === "safe" && !decisions[number]) settle(number, { suggestion: 0 }); });
  draw();
  panel();
});

$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(repaired());
    say("Copied.");
  } catch {
    say("The browser does not let this page copy: download the text instead.");
  }
});

$("download").addEventListener("click", () => {
  const ending = { text: "txt", html: "html", markdown: "md" }[syntax];
  const url = URL.createObjectURL(new Blob([file?.mark ?? "", repaired()], { type: "text/plain;charset=utf-8" }));
  element("a", { href: url, download: file?.name ?? `repaired.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
});

$("new").addEventListener("click", () => {
  $("review").hidden = true;
  $("entry").hidden = false;
  rejected = new Set();
  file = null;
  say("");
  $("source").focus();
});

// ---- taking a text ----

$("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  syntax = $("syntax").value;
  rejected = new Set();
  // A text area makes line ends its own: a file that was not edited is checked as it is.
  const shown = $("source").value;
  if (file && shown !== file.content.replace(/\r\n?/g, "\n")) file = null;
  check(file?.content ?? shown);
});

$("source").addEventListener("paste", (event) => {
  if (!$("source").value) guess(event.clipboardData?.getData("text/plain") ?? "");
});

function guess(content, name = "") {
  const ending = name.toLowerCase().split(".").pop();
  $("syntax").value = SYNTAX_OF[ending] ?? (/<\/[a-z][a-z0-9]*\s*>/i.test(content) ? "html" : "text");
}

async function take(dropped) {
  try {
    const whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await dropped.arrayBuffer());
    const mark = whole.startsWith("\ufeff") ? "\ufeff" : "";
    file = { name: dropped.name, content: whole.slice(mark.length), mark };
    $("source").value = file.content;
    guess(file.content, file.name);
    say(`${file.name} is ready to be checked.`);
  } catch {
    say(`${dropped.name} is not a text in UTF-8.`);
  }
}

$("file").addEventListener("change", () => { if ($("file").files.length) take($("file").files[0]); });
$("source").addEventListener("dragover", (event) => { event.preventDefault(); $("source").classList.add("over"); });
$("source").addEventListener("dragleave", () => $("source").classList.remove("over"));
$("source").addEventListener("drop", (event) => {
  $("source").classList.remove("over");
  if (event.dataTransfer.files.length) {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  }
});

fetch("/v2/languages").then((response) => response.json()).then((languages) => {
  const main = languages.filter((each) => each.longCode === each.code);
  $("language").append(...main.map((each) => element("option", { value: each.code }, each.name)));
}).catch(() => say("The server does not answer."));
