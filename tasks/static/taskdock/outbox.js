// What was submitted and is not saved yet: sent in the order in which it was submitted, one at a
// time. What can't be sent stays in sight, with its text, until it is sent or discarded.

import { explain, failureOf, newKey } from "./send.js";

const texts = () => document.querySelector("[data-sending]")?.dataset ?? {};
const all = new Set();

function element(name, className, text = "") {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
}

function button(text, onClick) {
    const made = element("button", "button taskdock-quiet taskdock-small", text);
    made.type = "button";
    made.addEventListener("click", onClick);
    return made;
}

/**
 * A queue of submissions. `place(list)` puts the element that shows it into the page.
 *
 * A submission has `send(key)`, which resolves once it is dealt with and throws otherwise, `failed`,
 * which is called with the failure of one that will not be sent again, and, where somebody typed
 * something, the `text` that must not be lost. After the failure of one with a text the queue
 * stops: it goes on when the user tries again or submits something else.
 */
export class Outbox {
    #items = [];
    #refused = [];
    #running = null;
    #failure = null;
    #keys = new Map();
    #list = element("div", "taskdock-outbox");

    constructor(place) {
        this.place = place;
        this.#list.dataset.outbox = "";
        all.add(this);
    }

    /** How much there is that the server does not have. */
    get size() {
        return this.#items.filter((item) => item.text).length + this.#refused.length;
    }

    /** Whether the same thing is under way already. */
    has(signature) {
        return this.#items.some((item) => item.signature === signature);
    }

    /** Returns a promise of when all is sent, or the queue stops. */
    add(item) {
        // The key stays the same however often this is tried: the server does it once. A form that
        // keeps its text is tried again by sending it again.
        const key = item.isOnce ? this.#keys.get(item.signature) ?? newKey() : null;
        this.#items.push({ ...item, key });
        return this.#run();
    }

    /** Show a text that the server refused, to be corrected or discarded; `send(text)` sends it. */
    refuse({ text, error, field, send }) {
        const row = element("div", "taskdock-outbox-refused");
        const input = field.cloneNode();
        for (const name of ["id", "name", "required", "aria-describedby", "placeholder"]) {
            input.removeAttribute(name);
        }
        input.setAttribute("aria-label", texts().unsent);
        input.value = text;
        const said = element("p", "taskdock-error", error);
        said.setAttribute("role", "alert");
        const end = () => {
            this.#refused = this.#refused.filter((one) => one !== row);
            this.#draw();
        };
        const again = () => {
            if (input.value.trim()) {
                end();
                send(input.value);
            }
        };
        input.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && input.matches("input") && !event.isComposing) {
                event.preventDefault();
                again();
            }
        });
        const buttons = element("div", "taskdock-buttons");
        buttons.append(button(texts().retry, again), button(texts().discard, end));
        row.append(input, said, buttons);
        this.#refused.push(row);
        this.#draw();
    }

    /** Returns a promise of when all is sent, or the queue stops. */
    #run() {
        this.#running ??= this.#sendAll().finally(() => {
            this.#running = null;
            this.#draw();
        });
        this.#draw();
        return this.#running;
    }

    async #sendAll() {
        this.#failure = null;
        while (this.#items.length && !this.#failure) {
            this.#draw();
            const [item] = this.#items;
            try {
                await item.send(item.key);
                this.#keys.delete(item.signature);
                this.#remove(item);
            } catch (error) {
                const failure = failureOf(error);
                if (item.text && failure.mayPass) {
                    this.#failure = failure;
                } else {
                    if (item.signature && failure.mayPass) {
                        this.#keys.set(item.signature, item.key);
                    }
                    this.#remove(item);
                    item.failed(failure);
                }
            }
        }
    }

    #remove(item) {
        this.#items = this.#items.filter((one) => one !== item);
    }

    #discard(item) {
        this.#remove(item);
        if (this.#items.some((one) => one.text)) {
            this.#draw();
        } else {
            // What waited behind it has no text to decide about.
            this.#run();
        }
    }

    #row(item) {
        const row = element("li", "taskdock-outbox-item");
        row.append(element("span", "taskdock-outbox-text", item.text));
        if (this.#failure) {
            row.append(button(texts().discard, () => this.#discard(item)));
        } else {
            row.append(element("span", "quiet", texts().waiting));
        }
        return row;
    }

    #draw() {
        const items = this.#items.filter((item) => item.text);
        const parts = [];
        if (items.length) {
            const rows = element("ul", "taskdock-outbox-items");
            rows.append(...items.map((item) => this.#row(item)));
            parts.push(rows);
        }
        if (items.length && this.#failure) {
            const said = element("p", "taskdock-error");
            said.setAttribute("role", "alert");
            explain(said, this.#failure);
            parts.push(said, button(texts().retry, () => {
                items[0].focus?.();
                this.#run();
            }));
        }
        // What is being corrected stays the same node, since somebody may be typing in it.
        for (const node of [...this.#list.childNodes]) {
            if (!this.#refused.includes(node)) {
                node.remove();
            }
        }
        this.#list.prepend(...parts);
        this.#list.append(...this.#refused.filter((row) => row.parentNode !== this.#list));
        if (!this.#list.childNodes.length) {
            this.#list.remove();
        } else if (!this.#list.isConnected) {
            this.place(this.#list);
        }
    }
}

/** Whether the page has texts that the server does not have. */
export const hasUnsent = () => [...all].some((box) => box.size);

window.addEventListener("beforeunload", (event) => {
    if (hasUnsent()) {
        event.preventDefault();
    }
});
