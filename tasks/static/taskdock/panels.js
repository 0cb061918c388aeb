// Panels: their forms are sent without leaving the page, and the answer has the panel's new HTML.
// Without this script each form is sent as any other, and the page comes back at that panel.
//
// After a panel has changed, the document hears "taskdock:panel" with its section as target.

import { giveBack, isTyped, isTypedSince, reasonsIn, send, submission, watchReturned } from "./live.js";
import { morph } from "./morph.js";
import { Outbox } from "./outbox.js";
import { explain, html } from "./send.js";

const page = document.querySelector("[data-panels]");
const boxes = new Map();

const sectionOf = (name) => document.getElementById(`panel-${name}`);

/** What was submitted in a panel: one thing after the other. */
function boxOf(name) {
    if (!boxes.has(name)) {
        boxes.set(name, new Outbox((list) => {
            const section = sectionOf(name);
            const form = section.querySelector("form[data-empties]");
            if (form) {
                form.after(list);
            } else {
                section.querySelector(".taskdock-panel-body").append(list);
            }
        }));
    }
    return boxes.get(name);
}

/** Have a reader say something; emptied first, so that the same words are said again. */
function announce(text) {
    const region = page.querySelector("[data-announces]");
    region.textContent = "";
    window.setTimeout(() => { region.textContent = text; }, 50);
}

function withoutComplaint(section) {
    section.querySelector("[data-complaint]")?.remove();
}

/** Words at the top of a panel, where the answer had none. */
function complain(section, failure) {
    withoutComplaint(section);
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.dataset.complaint = "";
    list.setAttribute("role", "alert");
    const item = document.createElement("li");
    explain(item, failure);
    list.append(item);
    section.querySelector(".taskdock-panel-body").prepend(list);
}

/** Show a panel as it is now, but for what somebody has typed. */
function renew(fresh, sent) {
    const section = document.getElementById(fresh.id);
    if (!section) {
        return;
    }
    withoutComplaint(section);
    morph(section, fresh, (field) => isTyped(field, sent));
    section.dispatchEvent(new CustomEvent("taskdock:panel", { bubbles: true }));
}

/** The focus at what is wrong, or where it was; nobody is taken away from where they are by now. */
function refocus(section, sent, focused) {
    const active = document.activeElement;
    const isLost = !active || active === document.body;
    const wrong = section.querySelector(".taskdock-field.errors :is(input, textarea, select)");
    if (wrong && (isLost || sent.form?.contains(active)) && !isTypedSince(sent)) {
        wrong.focus();
    } else if (isLost && focused) {
        const again = focused.id && document.getElementById(focused.id);
        const isShown = again && again.closest("details:not([open])") === null && !again.disabled;
        (isShown ? again : section.querySelector("h2")).focus({ preventScroll: !isShown });
    }
}

async function show(name, answer, sent) {
    const next = answer.headers.get("X-Taskdock-Location");
    if (next) {
        window.location.assign(next);
        return;
    }
    const parts = await html(answer, "[data-panel]");
    if (!answer.ok && sent.text && sent.field.value !== "") {
        // The field has the next text by now: this one is shown beside it, with the reason.
        giveBack(boxOf(name), sent, reasonsIn(parts), (again) => put(name, again));
        return;
    }
    const active = document.activeElement;
    const focused = sectionOf(name).contains(active) ? active : null;
    for (const fresh of parts.querySelectorAll("[data-panel]")) {
        renew(fresh, fresh.dataset.panel === name ? sent : null);
    }
    const section = sectionOf(name);
    const details = sent.form?.closest("details");
    if (answer.ok && details?.id && !isTypedSince(sent)) {
        // What was sent from within has been taken: its form closes, unless it was a preview.
        details.open = parts.getElementById(details.id)?.open ?? false;
    }
    refocus(section, sent, focused);
    if (!answer.ok && sent.text) {
        watchReturned(boxOf(name), sent, reasonsIn(section), (again) => put(name, again));
    }
    announce(section.dataset.said);
}

function put(name, sent) {
    sectionOf(name).setAttribute("aria-busy", "true");
    return send(boxOf(name), sent, {
        headers: { "X-Taskdock-Panel": name },
        answered: (answer) => show(name, answer, sent),
        failed: (failure) => {
            if (!sent.text || giveBack(boxOf(name), sent, failure.message, (one) => put(name, one))) {
                complain(sectionOf(name), failure);
            }
            sent.undo?.();
        },
    }).finally(() => sectionOf(name)?.removeAttribute("aria-busy"));
}

if (page) {
    page.addEventListener("submit", (event) => {
        const section = event.target.closest("[data-panel]");
        if (!section || event.defaultPrevented) {
            return;
        }
        event.preventDefault();
        const { panel } = section.dataset;
        const sent = submission(event.target, event.submitter, boxOf(panel));
        if (sent) {
            put(panel, sent);
        }
    });

    // For other scripts: {section, url, data, undo}.
    document.addEventListener("taskdock:send", (event) => {
        const { section, url, data, undo } = event.detail;
        put(section.dataset.panel, { url, data, undo, text: "", states: new Map() });
    });
}
