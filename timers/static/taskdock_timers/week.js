// A week's time: cells open, and their forms are sent, without leaving the page.
// Without this script each is a link or a form like any other.

import {
    giveBack, isTyped, isTypedSince, reasonsIn, send, submission, watchReturned,
} from "../taskdock/live.js";
import { morph } from "../taskdock/morph.js";
import { Outbox } from "../taskdock/outbox.js";
import { explain, failureOf, get, html } from "../taskdock/send.js";

const page = document.querySelector("[data-time]");
const HEADERS = { "X-Taskdock-Week": "1" };
const region = () => page.querySelector("[data-region]");
const box = new Outbox((list) => {
    const form = region().querySelector("form[data-empties]");
    if (form) {
        form.after(list);
    } else {
        region().prepend(list);
    }
});
//: How often another page of it was asked for, and the last one.
let pages = 0;
let current = window.location.href;

/** Have a reader say something; emptied first, so that the same words are said again. */
function announce(text) {
    const said = page.querySelector("[data-said]");
    said.textContent = "";
    window.setTimeout(() => { said.textContent = text; }, 50);
}

function withoutComplaint() {
    region().querySelector(":scope > [data-complaint]")?.remove();
}

function complain(failure) {
    withoutComplaint();
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.dataset.complaint = "";
    list.setAttribute("role", "alert");
    const item = document.createElement("li");
    explain(item, failure);
    list.append(item);
    region().prepend(list);
}

/** Show the table as it is now, but for what somebody has typed. */
function renew(parts, sent) {
    withoutComplaint();
    morph(region(), parts.querySelector("[data-region]"), (field) => isTyped(field, sent));
    announce(region().dataset.told);
}

const isLost = () => !document.activeElement || document.activeElement === document.body;

function focusOn(id) {
    (document.getElementById(id) ?? document.getElementById("cell-title"))?.focus();
}

/** Open a cell, or find tasks for it; the last one that was asked for is shown. */
async function open(url, { address = null, focused = "cell-title" } = {}) {
    pages += 1;
    current = url;
    const own = pages;
    const from = document.activeElement;
    const text = from?.value;
    region().setAttribute("aria-busy", "true");
    try {
        const parts = await html(await get(url, { headers: HEADERS }), "[data-region]");
        if (own !== pages) {
            return;
        }
        renew(parts, null);
        if (address) {
            window.history.replaceState(null, "", address);
        }
        const isUnmoved = document.activeElement === from && from.value === text;
        if (isLost() || (focused && isUnmoved)) {
            focusOn(focused);
        }
    } catch (failure) {
        complain(failureOf(failure));
    } finally {
        region().removeAttribute("aria-busy");
    }
}

async function show(answer, sent) {
    const parts = await html(answer, "[data-region]");
    // Another cell is open by now, or about to be: it shows what was saved.
    const isElsewhere = sent.page !== pages;
    if (!answer.ok && sent.text && (isElsewhere || sent.field.value !== "")) {
        const message = reasonsIn(parts.querySelector(".taskdock-enter") ?? parts);
        if (giveBack(box, sent, message, put)) {
            complain({ message });
        }
        return;
    }
    if (isElsewhere) {
        open(current, { focused: null });
        return;
    }
    const focused = document.activeElement?.id;
    renew(parts, sent);
    const wrong = region().querySelector(".errors :is(input:not([type=hidden]), select)");
    if (wrong && !isTypedSince(sent)) {
        wrong.focus();
        if (sent.text) {
            const reasons = reasonsIn(region().querySelector(".taskdock-enter"));
            watchReturned(box, sent, reasons, put);
        }
    } else if (isLost()) {
        focusOn(focused);
    }
}

function put(sent) {
    region().setAttribute("aria-busy", "true");
    return send(box, sent, {
        headers: HEADERS,
        answered: (answer) => show(answer, sent),
        failed: (failure) => {
            if (!sent.text || giveBack(box, sent, failure.message, put)) {
                complain(failure);
            }
        },
    }).finally(() => region().removeAttribute("aria-busy"));
}

if (page) {
    page.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-cell], a[data-close]");
        if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) {
            return;
        }
        event.preventDefault();
        open(link.href, { address: link.href });
    });

    page.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.closest("[data-region]") || event.defaultPrevented) {
            return;
        }
        event.preventDefault();
        if (form.matches("[data-search]")) {
            const url = new URL(window.location.pathname, window.location.href);
            url.search = new URLSearchParams(new FormData(form)).toString();
            open(url, { focused: "id_entry-task" });
            return;
        }
        const sent = submission(form, event.submitter, box);
        if (sent) {
            if (sent.text && form.contains(document.activeElement)) {
                sent.field.focus();
            }
            put({ ...sent, page: pages });
        }
    });
}
