// What others change appears: asked for every few seconds, while somebody looks at the page.

import { board, busy, cardsOf, columns, listOf, say, sayFailure } from "./page.js";
import { hasUnsent } from "../outbox.js";
import { failureOf, get, html } from "../send.js";

const EVERY = 5000;
//: As many cards of a column as the server keeps up to date.
const MOST = 500;
const sent = new WeakMap();
let stamp = board.dataset.stamp;
let timer = 0;
let asking = false;
let again = false;
//: Whether the page says that nobody, or somebody else, is signed in.
let isSaid = false;

export function note(cards) {
    for (const card of cards) {
        sent.set(card, card.outerHTML);
    }
}

/** What has the focus in a card, to find it again in the one that takes its place. */
function focusIn(card) {
    const focused = document.activeElement;
    if (!card.contains(focused)) {
        return null;
    }
    return [".taskdock-card-title", "[data-grip]", "summary", "a"].find((one) => focused.matches(one));
}

function exchange(column, fresh) {
    const list = listOf(column);
    const news = cardsOf(fresh);
    const kept = cardsOf(column).slice(MOST);
    const ids = new Set(news.map((card) => card.dataset.card));
    for (const old of cardsOf(column)) {
        if (!ids.has(old.dataset.card) && !kept.includes(old)) {
            old.remove();
        }
    }
    let at = list.firstElementChild;
    for (const card of news) {
        const html = card.outerHTML;
        let old = board.querySelector(`[data-card="${card.dataset.card}"]`);
        const focus = old && focusIn(old);
        if (old && sent.get(old) !== html) {
            card.querySelector("details")?.toggleAttribute("open", old.querySelector("details")?.open);
            sent.set(card, html);
            if (old === at) {
                at = card;
            }
            old.replaceWith(card);
            old = card;
        } else if (!old) {
            sent.set(card, html);
            old = card;
        }
        if (old === at) {
            at = at.nextElementSibling;
        } else {
            list.insertBefore(old, at);
        }
        if (focus && !old.contains(document.activeElement)) {
            old.querySelector(focus)?.focus({ preventScroll: true });
        }
    }
    column.querySelector("[data-title]").textContent = fresh.querySelector("[data-title]").textContent;
    column.querySelector("[data-count]").textContent = fresh.querySelector("[data-count]").textContent;
    if (!kept.length) {
        const more = column.querySelector("[data-more]");
        const next = fresh.querySelector("[data-more]");
        if (more.innerHTML !== next.innerHTML) {
            more.innerHTML = next.innerHTML;
        }
    }
}

/** Whether a reload would take something from the user. */
function isTypedIn() {
    const fields = board.querySelectorAll("[data-add] input[type=text]");
    return hasUnsent() || [...fields].some((field) => field.value || field === document.activeElement);
}

async function ask() {
    const shown = columns().map((one) => `${one.dataset.column}.${cardsOf(one).length}`).join(",");
    const query = new URLSearchParams(board.dataset.query);
    query.set("shown", shown);
    const answer = await get(`${board.dataset.changes}?${query}`, {
        headers: stamp ? { "If-None-Match": `"${stamp}"` } : {},
    });
    if (answer.status === 304) {
        return;
    }
    const parsed = await html(answer, "[data-column]");
    if (busy.dragging || busy.sending) {
        return;
    }
    const fresh = [...parsed.querySelectorAll("[data-column]")];
    const known = columns();
    const order = (some) => some.map((one) => one.dataset.column).join();
    if (order(fresh) !== order(known)) {
        // A status came or went, or they are in another order.
        if (isTypedIn()) {
            say(board.dataset.changed);
        } else {
            window.location.reload();
        }
        return;
    }
    known.forEach((column, place) => exchange(column, fresh[place]));
    stamp = answer.headers.get("ETag").replace(/^W\//, "").replaceAll('"', "");
}

/** Ask now, and then again every few seconds. */
export async function refresh() {
    window.clearTimeout(timer);
    if (asking) {
        again = true;
        return;
    }
    if (!document.hidden && !busy.dragging && !busy.sending) {
        asking = true;
        try {
            await ask();
            if (isSaid) {
                isSaid = false;
                say("");
            }
        } catch (error) {
            // The next time may find a network; a login has to be said.
            const failure = failureOf(error);
            if (["signedOut", "otherUser"].includes(failure.kind) && !isSaid) {
                isSaid = true;
                sayFailure(failure);
            }
        } finally {
            asking = false;
        }
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, again ? 0 : EVERY);
    again = false;
}

export function start() {
    note(board.querySelectorAll("[data-card]"));
    // A page that begins further down is one without a script's help.
    if (new URLSearchParams(window.location.search).has("start")) {
        return;
    }
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden) {
            refresh();
        }
    });
    timer = window.setTimeout(refresh, EVERY);
}
