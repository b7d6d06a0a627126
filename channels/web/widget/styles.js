// The panel's looks. An agency sets --gov-chat-color, --gov-chat-on-color, --gov-chat-inset, --gov-chat-bottom, --gov-chat-width.

const LIGHT = `--ink: #1d1d1f; --paper: #fff; --soft: #f4f1ec; --quiet: #4a463f; --line: #77716a; --hair: #d8d2c7; --link: #0b4f8a;
  --mine: #e7f0f8; --warn: #fff6d8; --good: #14622f; --bad: #8a3b00; --ring: #1b6ec2; color-scheme: light;`;
const DARK = `--ink: #ececec; --paper: #1b1c1f; --soft: #26282c; --quiet: #c4c2bd; --line: #8f9399; --hair: #4a4d53; --link: #9ccbff;
  --mine: #1f3347; --warn: #3d3413; --good: #8fdca8; --bad: #ffb98a; --ring: #9ccbff; color-scheme: dark;`;

export const STYLE = `
dialog { ${LIGHT} --brand: var(--gov-chat-color, #a4161a); --on-brand: var(--gov-chat-on-color, #fff); }
:host([theme="dark"]) dialog { ${DARK} }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) dialog { ${DARK} } }
dialog { position: fixed; inset: auto var(--gov-chat-inset, 16px) var(--gov-chat-bottom, 16px) auto; margin: 0; padding: 0; overflow: hidden;
  width: min(var(--gov-chat-width, 26em), calc(100vw - 32px)); max-width: none; height: min(46em, calc(100vh - 32px)); max-height: none;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .75em; box-shadow: 0 4px 24px rgb(0 0 0 / .35); }
dialog[open] { display: flex; flex-direction: column; }
:host([side="left"]) dialog { inset-inline: var(--gov-chat-inset, 16px) auto; }
dialog.whole { inset: 0 auto auto 0; width: 100vw; height: 100vh; height: var(--seen, 100dvh); border: 0; border-radius: 0; }
dialog::backdrop { background: rgb(0 0 0 / .5); }
h2, h3, h4, p, ul, blockquote { margin: 0; padding: 0; font-size: 1em; }
button, textarea { font: inherit; color: inherit; }
button, .act { min-height: 44px; min-width: 44px; padding: .4em .9em; border: 1px solid var(--link); border-radius: .4em; background: var(--paper);
  color: var(--link); cursor: pointer; text-align: start; overflow-wrap: anywhere; }
a { color: var(--link); }
p > a, .down > a, .intro > a, .options > a { display: inline-block; padding-block: .6em; }
.act { display: inline-flex; align-items: center; text-decoration: underline; border-color: transparent; padding-inline: .2em; background: none; }
button[aria-pressed="true"] { background: var(--link); color: var(--paper); }
button:disabled { cursor: not-allowed; opacity: .6; }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
.scroller:focus-visible, textarea:focus-visible { outline-offset: -3px; }

.head { flex: none; display: flex; align-items: center; gap: .5em; padding: .5em .5em .5em 1em; background: var(--brand); color: var(--on-brand); }
.head img { flex: none; width: 2.25em; height: 2.25em; object-fit: contain; }
.head div { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.head h2 { font-size: 1.05em; line-height: 1.3; }
.head p { font-size: .85em; }
.head button { flex: none; display: grid; place-items: center; padding: 0; border-color: transparent; background: none; color: inherit; }
.head button[aria-expanded="true"] { border-color: currentcolor; }
.head button:focus-visible { outline-color: var(--on-brand); outline-offset: -3px; }
svg { width: 1.5em; height: 1.5em; fill: currentcolor; }

.options { flex: none; max-height: 60%; overflow-y: auto; padding: .75em 1em; border-bottom: 1px solid var(--line); background: var(--soft); }
.options > * + * { margin-top: .6em; }
.row { display: flex; flex-wrap: wrap; gap: .25em .6em; align-items: center; }
.check { display: flex; gap: .6em; align-items: center; min-height: 44px; cursor: pointer; }
.check input { flex: none; width: 1.4em; height: 1.4em; margin: 0; accent-color: var(--link); }
.pinned { flex: none; max-height: 30%; overflow-y: auto; padding: .6em 1em; border-inline-start: .35em solid var(--bad); background: var(--warn); white-space: pre-line; }
.pinned strong { display: block; color: var(--bad); }

.scroller { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1em; background: var(--soft); }
.intro > * + * { margin-top: .5em; }
.log > * { margin-top: .9em; }
.message { padding: .7em .9em; border: 1px solid var(--hair); border-radius: .6em; background: var(--paper); overflow-wrap: anywhere; }
.message > * + * { margin-top: .55em; }
.message h3, .fact, .state, .delivery { font-size: .85em; color: var(--quiet); }
.message h3 { font-weight: 600; }
.message time { font-weight: 400; margin-inline-start: .3em; }
.message p { white-space: pre-line; }
.mine { margin-inline-start: 12%; background: var(--mine); }
.aside { font-size: .92em; padding-inline-start: .6em; border-inline-start: .2em solid var(--bad); color: var(--quiet); }
.said { text-align: center; font-size: .9em; color: var(--quiet); }
blockquote { padding-inline-start: .7em; border-inline-start: .25em solid var(--brand); white-space: pre-line; }
.card { padding: .6em .8em; border: 1px solid var(--line); border-radius: .4em; }
.card .act { margin-inline-start: -.2em; }
.card > * + * { margin-top: .3em; }
.card .validity { width: fit-content; padding: .05em .45em; border: 2px solid currentcolor; border-radius: .3em; font-weight: 600; font-size: .9em; }
.good { color: var(--good); }
.doubtful { color: var(--bad); }
.choices { display: flex; flex-wrap: wrap; gap: .5em; list-style: none; }
.optional button { border-color: var(--hair); }
.feedback { display: flex; flex-wrap: wrap; gap: .4em .6em; align-items: center; font-size: .9em; color: var(--quiet); }
.feedback form { flex: 1; min-width: 0; }
.feedback form > * + * { margin-top: .4em; }

.state { flex: none; min-height: 1.9em; padding: .15em 1em; background: var(--soft); }
.dots::after { content: ""; display: inline-block; width: .5em; height: .5em; margin-inline-start: .5em; border-radius: 50%; background: currentcolor; animation: beat 1.2s infinite; }
@keyframes beat { 50% { opacity: .15; } }
.down { flex: none; padding: .5em 1em; border-top: 1px solid var(--line); background: var(--warn); font-size: .95em; }
.down a { margin-inline-end: 1em; }
.composer { flex: none; padding: .2em 1em calc(.75em + env(safe-area-inset-bottom, 0px)); border-top: 1px solid var(--line); }
.composer .row { flex-wrap: nowrap; align-items: end; }
.composer .top { justify-content: space-between; align-items: center; }
.composer label { font-weight: 600; font-size: .9em; }
textarea { display: block; width: 100%; min-width: 0; min-height: 44px; max-height: 8em; padding: .5em; border: 1px solid var(--line); border-radius: .4em; background: var(--paper); resize: none; font-size: max(1em, 16px); field-sizing: content; }
.composer button[type="submit"] { flex: none; white-space: nowrap; background: var(--brand); border-color: var(--brand); color: var(--on-brand); font-weight: 700; }
::placeholder { color: var(--quiet); opacity: 1; }
.composer .act { font-size: .9em; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (max-height: 30rem) {
  dialog[open] { display: block; overflow-y: auto; }
  .scroller, .options, .pinned { max-height: none; overflow: visible; }
}
@media (max-width: 22rem) { .mine { margin-inline-start: 0; } .head { padding-inline-start: .6em; } }
@media (prefers-reduced-motion: reduce) { .dots::after { animation: none; } }
@media (forced-colors: active) {
  dialog, .message, .card, button, textarea { border: 1px solid CanvasText; }
  .head { border-bottom: 1px solid CanvasText; }
  .composer .act, .card .act { border-color: transparent; }
  button[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .pinned, .aside, blockquote { border-inline-start-color: Highlight; }
}
`;

export const PAPER = `body { font: 11pt/1.5 "Noto Sans", "Segoe UI", sans-serif; margin: 2em; color: #000; background: #fff; }
h1 { font-size: 14pt; } h2 { font-size: 11pt; margin: 1.2em 0 .2em; } p { margin: 0 0 .5em; white-space: pre-line; }`;
