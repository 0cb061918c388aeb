// Makes a part of the page equal to a new version of it, node by node. What stays is the same node
// as before: a field in which somebody types keeps its text, its caret and its focus.

//: What scripts have added, which no new version has.
const ADDED = "[data-outbox], .select2-container";

/** What tells an element from its siblings: its own key, or that of the row which it is about. */
function keyOf(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
        return null;
    }
    const own = node.dataset.key ?? node.getAttribute("id") ?? node.dataset.row;
    if (own) {
        return own;
    }
    const row = node.matches("form, li, tr") && node.querySelector("input[name=row]")?.value;
    return row ? `${node.getAttribute("action") ?? ""} ${row}` : null;
}

const isKind = (node, other) => node.nodeName === other.nodeName &&
    (node.nodeType !== Node.ELEMENT_NODE || node.classList[0] === other.classList[0]);

function skipAdded(node) {
    let at = node;
    while (at?.nodeType === Node.ELEMENT_NODE && at.matches(ADDED)) {
        at = at.nextSibling;
    }
    return at;
}

function setAttributes(old, fresh) {
    for (const { name } of [...old.attributes]) {
        // Who opened something closes it; what is sending says itself when it is done.
        const stays = ["open", "aria-busy"].includes(name);
        if (!fresh.hasAttribute(name) && !stays) {
            old.removeAttribute(name);
        }
    }
    for (const { name, value } of fresh.attributes) {
        if (old.getAttribute(name) !== value) {
            old.setAttribute(name, value);
        }
    }
}

function setField(old, fresh, isTyped) {
    const typed = isTyped(old);
    const { value, checked } = old;
    setAttributes(old, fresh);
    if (old.type === "file" || old.type === "hidden") {
        if (old.type === "file" && !typed) {
            old.value = "";
        }
        return;
    }
    // Set without need, it would take the caret to the beginning.
    if (old.matches("textarea") && old.defaultValue !== fresh.defaultValue) {
        old.defaultValue = fresh.defaultValue;
    }
    const next = typed ? value : fresh.value;
    if (old.value !== next) {
        old.value = next;
    }
    old.checked = typed ? checked : fresh.checked;
}

const optionsOf = (select) => JSON.stringify(
    [...select.options].map((one) => [one.value, one.text, one.defaultSelected]),
);

/** Returns whether the old select stays. */
function setSelect(old, fresh, isTyped) {
    if (isTyped(old) || optionsOf(old) === optionsOf(fresh)) {
        if (!isTyped(old) && old.value !== fresh.value) {
            old.value = fresh.value;
            window.django?.jQuery?.(old).trigger("change");
        }
        return true;
    }
    const wrapped = window.django?.jQuery?.(old);
    if (wrapped?.hasClass("select2-hidden-accessible")) {
        wrapped.select2("destroy");
    }
    return false;
}

/** Put a node before another one; what has the focus stays where it is, and others go around. */
function bring(parent, node, before) {
    if (!node.contains(document.activeElement)) {
        parent.insertBefore(node, before);
        return;
    }
    const after = node.nextSibling;
    for (let at = before; at !== node;) {
        const next = at.nextSibling;
        parent.insertBefore(at, after);
        at = next;
    }
}

function setChildren(old, fresh, isTyped) {
    const keyed = new Map([...old.children].map((node) => [keyOf(node), node]));
    let at = skipAdded(old.firstChild);
    const matchOf = (node) => {
        const key = keyOf(node);
        if (key !== null) {
            const found = keyed.get(key);
            keyed.delete(key);
            return found && isKind(found, node) ? found : null;
        }
        let one = at;
        while (one && (keyOf(one) !== null || !isKind(one, node))) {
            one = skipAdded(one.nextSibling);
        }
        return one;
    };
    for (const node of [...fresh.childNodes]) {
        const match = matchOf(node);
        if (!match) {
            old.insertBefore(document.importNode(node, true), at);
            continue;
        }
        if (match !== at) {
            bring(old, match, at);
        }
        at = skipAdded(match.nextSibling);
        setNode(match, node, isTyped);
    }
    while (at) {
        const gone = at;
        at = skipAdded(at.nextSibling);
        gone.remove();
    }
}

function setNode(old, fresh, isTyped) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
        if (old.data !== fresh.data) {
            old.data = fresh.data;
        }
    } else if (old.matches("input, textarea")) {
        setField(old, fresh, isTyped);
    } else if (old.matches("select")) {
        if (!setSelect(old, fresh, isTyped)) {
            old.replaceWith(document.importNode(fresh, true));
        }
    } else if (!old.matches("time[data-moment]") || old.dateTime !== fresh.dateTime) {
        setAttributes(old, fresh);
        setChildren(old, fresh, isTyped);
    }
}

/**
 * Make an element equal to a fresh one of the same kind. `isTyped(field)` says which fields have
 * something that the server does not know yet: they keep it.
 */
export function morph(old, fresh, isTyped) {
    setNode(old, fresh, isTyped);
}
