// The way to the gateway and back: POST to send, a stream over fetch to receive, long poll where streams do not come through.

const SILENCE_MS = 40_000; // the gateway says something every 15 s
const SEND_TIMEOUT_MS = 20_000;
const POLL_S = 25;
const FIRST_WORD_MS = 8_000; // it says something at once; what comes later is held back on the way
const STREAM_AGAIN_MS = 60_000; // then twice as long, each time that streams still do not come through
const SHORTEST_STREAM_MS = 5_000;
const FAILED_STREAMS = 2;
const LONGEST_WAIT_MS = 30_000;

/** Why a request brought nothing, by what is to be done next. */
export class Failure extends Error {
  /** @param {"again" | "token" | "refused"} kind @param {number} afterMs @param {string} code */
  constructor(kind, afterMs = 0, code = "") {
    super(code || kind);
    this.kind = kind;
    this.afterMs = afterMs;
    this.code = code;
  }
}

/** @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
export const sleep = (ms, signal) => new Promise((resolve) => {
  const timer = setTimeout(done, ms);
  function done() {
    clearTimeout(timer);
    removeEventListener("online", done);
    signal?.removeEventListener("abort", done);
    resolve();
  }
  addEventListener("online", done); // no need to wait any longer
  signal?.addEventListener("abort", done);
});

/** Twice as long after each failure, with a spread, so that not everybody comes back at once. @param {number} failures */
export const patience = (failures) => Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2);

/** @typedef {{ id: string, event: string, data: any }} Happening */

export class Connection {
  /** @type {AbortController | null} */
  #receiving = null;
  #failedStreams = 0;
  #streamAgainAt = 0;
  /** @type {string | null} */
  cursor = null;

  /**
   * @param {{ gateway: URL, agency: string, token: () => string | null, happened: (event: Happening) => void,
   *   reached: (isReached: boolean) => void, lost: () => void, caughtUp: () => void }} around
   */
  constructor(around) {
    this.around = around;
  }

  /** @param {string} path @param {RequestInit} [init] @param {string | null} [token] @returns {Promise<Response>} */
  async #call(path, init = {}, token = this.around.token()) {
    /** @type {Record<string, string>} */
    const headers = { ...(/** @type {Record<string, string>} */ (init.headers)) };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (init.body) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(new URL(`api/v1/widget/${path}`, this.around.gateway), {
        ...init, headers, credentials: "omit", cache: "no-store",
      });
    } catch {
      throw new Failure("again");
    }
    if (response.ok) return response;
    const afterMs = 1000 * (Number(response.headers.get("Retry-After")) || 0);
    if (response.status === 401) throw new Failure("token");
    if (response.status === 429 || response.status >= 500) throw new Failure("again", afterMs);
    let code = "";
    try { code = (await response.json()).error.code; } catch { /* an answer of something in between */ }
    throw new Failure("refused", 0, code);
  }

  /** @param {string} path @param {any} body @param {string} [method] @param {string} [token] */
  async #post(path, body, method = "POST", token) {
    const aborting = new AbortController();
    const timer = setTimeout(() => aborting.abort(), SEND_TIMEOUT_MS);
    try {
      return await this.#call(path, { method, body: body && JSON.stringify(body), signal: aborting.signal }, token);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The public facts of the agency. @param {string} lang */
  async config(lang) {
    const address = new URL(`api/v1/widget/config`, this.around.gateway);
    address.search = new URLSearchParams({ agency: this.around.agency, lang }).toString();
    const response = await fetch(address, { credentials: "omit" });
    if (!response.ok) throw new Failure("again");
    return response.json();
  }

  /** Sends one message; the same id twice is one message. @param {import("./store.js").Written} written */
  async send(written) {
    const accepted = await (await this.#post("messages", { ...written, agency: this.around.agency || undefined })).json();
    this.cursor ??= accepted.cursor ?? null;
    return accepted;
  }

  /** @param {string} messageId @param {boolean} useful @param {string} [why] */
  feedback(messageId, useful, why) {
    return this.#post("feedback", { message_id: messageId, useful, why });
  }

  /** @param {string} token Of the conversation that is to be deleted. */
  forget(token) {
    return this.#post("conversation", undefined, "DELETE", token);
  }

  get isReceiving() { return this.#receiving !== null; }

  /** Receives until stopped, coming back after every failure. */
  async receive() {
    if (this.#receiving) return;
    const receiving = this.#receiving = new AbortController();
    const { signal } = receiving;
    for (let failures = 0; !signal.aborted;) {
      try {
        if (this.#failedStreams < FAILED_STREAMS || Date.now() > this.#streamAgainAt) await this.#stream(signal);
        else await this.#poll(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof Failure && error.kind !== "again") {
          this.stop();
          this.around.lost();
          return;
        }
        this.around.reached(false);
        await sleep(Math.max(patience(failures++), error instanceof Failure ? error.afterMs : 0), signal);
      }
    }
  }

  stop() {
    this.#receiving?.abort();
    this.#receiving = null;
  }

  /** @param {Record<string, string>} more */
  #query(more = {}) {
    const query = new URLSearchParams(more);
    if (this.cursor) query.set("after", this.cursor);
    return `events?${query}`;
  }

  /** @param {AbortSignal} outer */
  async #stream(outer) {
    const aborting = new AbortController();
    const abort = () => aborting.abort();
    outer.addEventListener("abort", abort);
    let timer = setTimeout(abort, FIRST_WORD_MS);
    let isAlive = false;
    const began = Date.now();
    try {
      const response = await this.#call(this.#query(), { headers: { Accept: "text/event-stream" }, signal: aborting.signal });
      if (!response.body || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new Failure("again");
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        if (!isAlive) {
          isAlive = true;
          this.#failedStreams = 0;
          this.around.reached(true);
        }
        clearTimeout(timer);
        timer = setTimeout(abort, SILENCE_MS);
        const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
        rest = blocks.pop() ?? "";
        for (const block of blocks) this.#read(block);
        this.around.caughtUp();
      }
    } finally {
      clearTimeout(timer);
      outer.removeEventListener("abort", abort);
      if (!isAlive && !outer.aborted) {
        this.#failedStreams++;
        this.#streamAgainAt = Date.now() + STREAM_AGAIN_MS * 2 ** Math.min(5, Math.max(0, this.#failedStreams - FAILED_STREAMS));
      }
    }
    if (Date.now() - began < SHORTEST_STREAM_MS) throw new Failure("again");
    await sleep(patience(0), outer); // the other end closed it, as it does now and then
  }

  /** @param {string} block One event of a stream, without its blank line. */
  #read(block) {
    /** @type {Record<string, string>} */
    const fields = {};
    for (const line of block.split(/\r?\n/)) {
      const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (name) fields[name] = name === "data" && "data" in fields ? `${fields.data}\n${value}` : value;
    }
    if (fields.data === undefined) return;
    this.#take({ id: fields.id ?? "", event: fields.event ?? "message", data: fields.data });
  }

  /** @param {Happening} happening */
  #take({ id, event, data }) {
    let read = data;
    try { if (typeof data === "string") read = JSON.parse(data); } catch { return; }
    this.around.happened({ id, event, data: read });
    if (id) this.cursor = id;
  }

  /** @param {AbortSignal} signal */
  async #poll(signal) {
    const path = this.#query({ wait: String(POLL_S) });
    const answer = await (await this.#call(path, { headers: { Accept: "application/json" }, signal })).json();
    this.around.reached(true);
    for (const happening of answer.events) this.#take(happening);
    if (answer.cursor) this.cursor = answer.cursor;
    this.around.caughtUp();
  }
}
