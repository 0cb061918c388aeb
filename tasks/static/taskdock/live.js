// Forms that are sent without leaving the page, while the user types on. What was sent is noted
// field by field, so that the answer takes the place of exactly that and of nothing typed since.

import { post } from "./send.js";

//: Who types over a text so soon after it came back has not read why, in milliseconds.
const BLIND = 1500;
/** Fields that were emptied as their text was sent, and in which nobody has typed since. */
const untouched = new WeakSet();

document.addEventListener("input", (event) => untouched.delete(event.target), true);

function stateOf(field) {
    if (field.matches("[type=checkbox], [type=radio]")) {
        return String(field.checked);
    }
    if (field.matches("select")) {
        return JSON.stringify([...field.selectedOptions].map((one) => one.value));
    }
    if (field.type === "file") {
        return JSON.stringify([...field.files].map((one) => [one.name, one.size]));
    }
    return field.value;
}

function defaultOf(field) {
    if (field.matches("[type=checkbox], [type=radio]")) {
        return String(field.defaultChecked);
    }
    if (field.matches("select")) {
        const chosen = [...field.options].filter((one) => one.defaultSelected);
        const first = field.multiple ? [] : [...field.options].slice(0, 1);
        return JSON.stringify((chosen.length ? chosen : first).map((one) => one.value));
    }
    return field.type === "file" ? "[]" : field.defaultValue;
}

/** Whether a field has something that is neither the server's nor part of what was sent. */
export function isTyped(field, sent = null) {
    return stateOf(field) !== (sent?.states.get(field) ?? defaultOf(field));
}

/** Whether somebody has gone on typing in the form since it was sent. */
export const isTypedSince = (sent) => [...sent.states.keys()].some(
    (field) => field.isConnected && field.type !== "hidden" && isTyped(field, sent),
);

/**
 * What a form sends, or null if there is nothing to do.
 *
 * `data-empties` names the field of a form that adds something: it is emptied at once, and belongs
 * to the user again; an Enter that follows without a text is ignored. Any other form that is under
 * way already and has not changed since is not sent twice, but for those with `data-each`. One
 * with `data-once` makes something new: the server is told when it may have it already.
 */
export function submission(form, submitter, box) {
    const data = new FormData(form, submitter);
    const url = submitter?.getAttribute("formaction") || form.getAttribute("action");
    const name = form.dataset.empties;
    const field = name ? form.elements.namedItem(name) : null;
    const text = field?.value.trim() ? field.value : "";
    let signature = null;
    if (field && !text && untouched.has(field)) {
        return null;
    }
    if (text) {
        field.value = "";
        untouched.add(field);
    } else if (!form.hasAttribute("data-each")) {
        const own = [...data].filter(([key]) => key !== "csrfmiddlewaretoken");
        signature = JSON.stringify([url, own.map(([key, value]) => [key, value.name ?? value])]);
        if (box.has(signature)) {
            return null;
        }
    }
    const fields = [...form.elements].filter((one) => one.matches("input, select, textarea"));
    const states = new Map(fields.map((one) => [one, stateOf(one)]));
    const isOnce = field !== null || form.hasAttribute("data-once");
    return { form, url, data, name, field, text, signature, states, isOnce };
}

/**
 * Send a submission in its turn. `answered(answer)` shows what came of it, `failed(failure)` says
 * why nothing will, `headers` are of the request.
 */
export function send(box, sent, { headers, answered, failed }) {
    return box.add({
        text: sent.text,
        signature: sent.signature,
        isOnce: sent.isOnce,
        focus: () => sent.field?.focus(),
        send: async (key) => answered(await post(sent.url, sent.data, { headers, key })),
        failed,
    });
}

/** Show a text that was refused beside its field. */
function refuseBeside(box, sent, error, again) {
    box.refuse({
        text: sent.text,
        error,
        field: sent.field,
        send: (text) => {
            // With the other fields as they are now: one of them may be what was wrong.
            const data = sent.form.isConnected ? new FormData(sent.form) : sent.data;
            data.set(sent.name, text);
            again({ ...sent, data, text });
        },
    });
}

/**
 * A text that was refused is in its field again. Somebody who is about to type the next one types
 * over it: it is selected, and then shown beside the field.
 */
export function watchReturned(box, sent, error, again) {
    const { field } = sent;
    untouched.delete(field);
    if (document.activeElement !== field) {
        return;
    }
    field.select();
    const returned = performance.now();
    field.addEventListener("input", () => {
        if (performance.now() - returned < BLIND && !field.value.includes(sent.text)) {
            refuseBeside(box, sent, error, again);
        }
    }, { once: true });
}

/**
 * Give a text back that was refused: into its field if that is empty, else beside it. Returns
 * whether it is in its field.
 */
export function giveBack(box, sent, error, again) {
    if (sent.field.isConnected && sent.field.value === "") {
        sent.field.value = sent.text;
        watchReturned(box, sent, error, again);
        return true;
    }
    refuseBeside(box, sent, error, again);
    return false;
}

/** The reasons in a part of a page, for which its form was refused. */
export function reasonsIn(part) {
    const found = [...part.querySelectorAll(".taskdock-error, .errorlist li")];
    return [...new Set(found.map((one) => one.textContent.trim()))].join(" ");
}
