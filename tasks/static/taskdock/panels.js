// Panels: their forms are sent without leaving the page, which takes the panel's new HTML.
// Without this script each form is sent as any other, and the page comes back at that panel.
//
// After a panel was replaced, the document hears "taskdock:panel" with the new section as target.

const page = document.querySelector("[data-panels]");
const sending = new Set();

/** Have a reader say something; emptied first, so that the same words are said again. */
function announce(text) {
    const region = page.querySelector("[data-announces]");
    region.textContent = "";
    window.setTimeout(() => { region.textContent = text; }, 50);
}

/** Words at the top of a panel, where the answer had none. */
function complain(section, text) {
    const body = section.querySelector(".taskdock-panel-body");
    body.querySelector(":scope > .errorlist")?.remove();
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.setAttribute("role", "alert");
    list.appendChild(document.createElement("li")).textContent = text;
    body.prepend(list);
}

/** What was typed into other forms of a panel and is not sent yet: kept over its replacement. */
function drafts(section, sent) {
    const kept = [];
    for (const field of section.querySelectorAll("input, textarea, select")) {
        const isText = field.matches("textarea, select, input:not([type=hidden], [type=file])");
        if (!isText || !field.id || field.form === sent) {
            continue;
        }
        const options = field.matches("select") ? [...field.options] : [];
        const changed = field.matches("[type=checkbox], [type=radio]")
            ? field.checked !== field.defaultChecked
            : options.length
                ? options.some((option) => option.selected !== option.defaultSelected)
                : field.value !== field.defaultValue;
        if (changed) {
            kept.push([field.id, field.value, field.checked]);
        }
    }
    return kept;
}

function openDetails(section) {
    return [...section.querySelectorAll("details[id][open]")].map((one) => one.id);
}

function replace(fresh, sent) {
    const old = document.getElementById(fresh.id);
    if (!old) {
        return null;
    }
    const kept = drafts(old, sent);
    const open = openDetails(old);
    const refused = fresh.querySelector(".errorlist") !== null;
    old.replaceWith(fresh);
    for (const [id, value, checked] of kept) {
        const field = document.getElementById(id);
        if (field) {
            field.value = value;
            if (field.matches("[type=checkbox], [type=radio]")) {
                field.checked = checked;
            }
        }
    }
    for (const id of open) {
        const details = document.getElementById(id);
        // What was sent from within has been taken: its form closes.
        if (details && (refused || !sent?.closest("details") || sent.closest("details").id !== id)) {
            details.open = true;
        }
    }
    fresh.dispatchEvent(new CustomEvent("taskdock:panel", { bubbles: true }));
    return fresh;
}

/** The focus where it was, at what is wrong, or else at the panel's title. */
function refocus(section, focused) {
    const wrong = section.querySelector(".taskdock-field.errors :is(input, textarea, select)");
    const again = focused && document.getElementById(focused);
    const shown = again && again.closest("details:not([open])") === null && !again.disabled;
    const field = wrong || (shown ? again : null) || section.querySelector("h2");
    field.focus({ preventScroll: field.tagName === "H2" });
}

/** Send a form's data to an action, and show what comes back. Returns whether it was done. */
async function send(section, url, data, { form = null, focused = "" } = {}) {
    const name = section.dataset.panel;
    if (sending.has(name)) {
        return false;
    }
    sending.add(name);
    section.setAttribute("aria-busy", "true");
    try {
        const answer = await fetch(url, {
            method: "POST",
            body: data,
            headers: { "X-Taskdock-Panel": name },
            credentials: "same-origin",
        });
        const next = answer.headers.get("X-Taskdock-Location");
        if (next) {
            window.location.assign(next);
            return true;
        }
        if (answer.redirected || ![200, 422].includes(answer.status)) {
            complain(section, page.dataset.refused);
            return false;
        }
        const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
        const sections = [...parts.querySelectorAll("[data-panel]")].map((one) =>
            replace(document.importNode(one, true), one.dataset.panel === name ? form : null));
        const own = sections.find((one) => one?.dataset.panel === name);
        if (own) {
            refocus(own, focused);
            announce(own.dataset.said);
        }
        return answer.ok;
    } catch {
        complain(section, page.dataset.lost);
        return false;
    } finally {
        sending.delete(name);
        section.removeAttribute("aria-busy");
    }
}

if (page) {
    page.addEventListener("submit", (event) => {
        const form = event.target;
        const section = form.closest("[data-panel]");
        if (!section || event.defaultPrevented) {
            return;
        }
        event.preventDefault();
        const button = event.submitter;
        const focused = (button?.id && document.activeElement === button)
            ? button.id : document.activeElement?.id;
        send(section, form.action, new FormData(form, button), { form, focused });
    });

    // For other scripts, which know no import: {section, url, data, focused}.
    document.addEventListener("taskdock:send", (event) => {
        const { section, url, data, focused, form } = event.detail;
        send(section, url, data, { focused, form });
    });
}
