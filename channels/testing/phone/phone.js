"use strict";

// A person's phone at both fake platforms. Texts of the page stand in its HTML; nothing that arrives is ever markup.

const POLL_MS = 700;
const LINK = /^(https?:|tel:)/;

const page = document.querySelector("main");
const words = page.dataset;
const log = document.getElementById("log");
const choices = document.getElementById("choices");
const accountList = document.getElementById("account");

let accounts = [];
let place = null;
let person = sessionStorage.getItem("person") || newPerson();
let after = 0;
let asking = 0;

function newPerson() {
  const digits = Array.from(crypto.getRandomValues(new Uint8Array(17)), (byte) => byte % 10).join("");
  const id = `70${digits}`;
  sessionStorage.setItem("person", id);
  return id;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function act(name, more = {}) {
  const response = await fetch("/api/acts", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...place, act: name, ...more }),
  }).catch(() => null);
  say(response && response.ok ? "" : words.unreached);
  if (response && response.ok) await look();
  return Boolean(response && response.ok);
}

function say(text) {
  const state = document.getElementById("state");
  if (state.textContent !== text) state.textContent = text;
}

function pressable(button) {
  if (button.kind === "link") {
    if (!LINK.test(button.url)) return element("span", "", button.title);
    const link = element("a", "", button.title);
    link.href = button.url;
    if (!button.url.startsWith("tel:")) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      link.append(element("span", "unseen", words.newtab));
    }
    return link;
  }
  const made = element("button", "", button.title);
  made.type = "button";
  made.addEventListener("click", () => act("press", { text: button.payload, title: button.title }));
  return made;
}

function buttonsOf(list) {
  const group = element("div", "buttons");
  group.append(...list.map(pressable));
  return group;
}

function cardOf(card) {
  const made = element("div", "card");
  if (card.title) made.append(element("p", "title", card.title));
  if (card.subtitle) made.append(element("p", "", card.subtitle));
  if (LINK.test(card.url)) made.append(pressable({ kind: "link", title: card.url, url: card.url }));
  if (card.buttons.length) made.append(buttonsOf(card.buttons));
  return made;
}

function lineOf(line) {
  const made = element("div", `line ${line.who}`);
  made.append(element("p", "who", words[line.who]));
  if (line.text) made.append(element("p", "said", line.text));
  for (const kind of line.kinds) made.append(element("p", "said", words[kind] || words.other));
  made.append(...line.cards.map(cardOf));
  if (line.buttons.length) made.append(buttonsOf(line.buttons));
  if (line.billed) made.append(element("p", "aside", words.billed));
  return made;
}

function offer(list, name) {
  choices.replaceChildren(
    ...list.map((choice) => {
      const made = element("button", "", choice.title);
      made.type = "button";
      made.addEventListener("click", () => {
        choices.replaceChildren();
        document.getElementById("text").focus();
        act(name, { text: choice.payload, title: choice.title });
      });
      return made;
    }),
  );
}

function show(found) {
  let first = null;
  for (const line of found.lines) {
    after = line.place + 1;
    const made = lineOf(line);
    first ??= made;
    log.append(made);
    offer(line.quick, "quick");
  }
  if (first) log.scrollTop = first.offsetTop - 12; // a long answer is read from its beginning
  say(found.typing ? words.typing : "");
  const owner = { inbox: words.inbox, app: words.owner }[found.owner] || "";
  const ownerLine = document.getElementById("owner");
  if (ownerLine.textContent !== owner) ownerLine.textContent = owner;
  const { sent, status, waits, unsubscribed } = found.delivery;
  document.getElementById("delivery").textContent =
    words.webhook + sent + (sent ? words.answered + (status ?? words.silent) : "") +
    (waits ? words.waits : "") + (unsubscribed ? words.unsubscribed : "");
}

async function look() {
  const asked = (asking += 1);
  const response = await fetch(`/api/conversation?${new URLSearchParams({ ...place, after })}`).catch(() => null);
  if (asked !== asking) return; // a later look, or another conversation, has overtaken this one
  if (response && response.ok) show(await response.json());
  else say(words.unreached);
}

async function open(index) {
  const chosen = accounts[index];
  place = { channel: chosen.channel, account: chosen.account, person };
  after = 0;
  log.replaceChildren();
  choices.replaceChildren();
  for (const button of document.querySelectorAll("[data-only]")) button.hidden = button.dataset.only !== chosen.channel;
  if (chosen.greeting) log.append(element("p", "", chosen.greeting));
  offer(chosen.questions || [], "press");
  const menu = chosen.menu || [];
  document.getElementById("menu-box").hidden = menu.length === 0;
  document.getElementById("menu").replaceChildren(...menu.map(pressable));
  await look();
}

function submits(form, field, name) {
  const text = document.getElementById(field);
  const send = async () => {
    const written = text.value;
    text.focus();
    if (!written.trim()) return;
    text.value = "";
    if (!(await act(name, { text: written })) && !text.value) text.value = written; // nothing written is lost
  };
  document.getElementById(form).addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
}

async function begin() {
  const response = await fetch("/api/accounts").catch(() => null);
  if (!response || !response.ok) return say(words.unreached);
  accounts = await response.json();
  accountList.replaceChildren(
    ...accounts.map((each, index) => {
      const option = element("option", "", `${each.channel === "zalo" ? "Zalo" : "Messenger"}: ${each.name}`);
      option.value = String(index);
      return option;
    }),
  );
  accountList.addEventListener("change", () => open(accountList.value));
  document.getElementById("other").addEventListener("click", () => {
    person = newPerson();
    open(accountList.value);
  });
  for (const button of document.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => act(button.dataset.act));
  }
  submits("write", "text", "text");
  submits("officer", "officer-text", "officer");
  await open(0);
  setInterval(look, POLL_MS);
}

begin();
