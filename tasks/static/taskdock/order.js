// Lists that are sorted by hand. Without this script the buttons of a row send the list's form;
// with it a row can be dragged by its grip too, and neither leaves the page.

import { explain, failureOf, json, post } from "./send.js";

const handles = () => [...document.querySelectorAll("[data-row][data-moves]")];
const lineOf = (handle) => handle.closest("tr");
const live = document.createElement("div");
let moves = Promise.resolve();
let waiting = 0;
let epoch = 0;

live.className = "taskdock-said";
live.setAttribute("role", "status");

function say(text, isError = false) {
    live.classList.toggle("is-error", isError);
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 50);
}

/** Put the lines into this order, and have the buttons say what they do there. */
function show(order) {
    const byRow = new Map(handles().map((handle) => [handle.dataset.row, handle]));
    const known = order.filter((row) => byRow.has(row));
    if (!known.length) {
        return;
    }
    const body = lineOf(byRow.get(known[0])).parentElement;
    const focused = document.activeElement;
    for (const row of known) {
        body.append(lineOf(byRow.get(row)));
    }
    known.forEach((row, place) => {
        const [up, down] = byRow.get(row).querySelectorAll("button");
        up.value = `${row}:${known[place - 1] ?? ""}`;
        up.disabled = place === 0;
        down.value = `${row}:${known[place + 2] ?? ""}`;
        down.disabled = place === known.length - 1;
    });
    // At an end the button that was pressed can't be pressed again: the other one is next to it.
    const handle = focused?.closest?.("[data-row]");
    if (handle) {
        (focused.disabled ? handle.querySelector("button:not([disabled])") : focused)?.focus();
    }
}

/** Send a move in its turn; the rows stand in their new order already. */
function move(handle, value, before) {
    const own = epoch;
    const data = new FormData();
    data.set("move", value);
    waiting += 1;
    moves = moves.then(async () => {
        waiting -= 1;
        if (own !== epoch) {
            // It was about an order that has not come to be.
            return;
        }
        try {
            const headers = { Accept: "application/json" };
            const answer = await post(handle.dataset.moves, data, { headers });
            const told = await json(answer);
            if (!answer.ok) {
                giveUp(before);
            } else if (!waiting) {
                show(told.order);
            }
            say(told.said, !answer.ok);
        } catch (error) {
            giveUp(before);
            say("", true);
            window.setTimeout(() => explain(live, failureOf(error)), 50);
        }
    });
}

/** What was moved meanwhile goes back too. */
function giveUp(before) {
    epoch += 1;
    show(before);
}

/** Have a row stand before another one, or last. */
function place(row, next) {
    const rest = order().filter((one) => one !== row);
    const at = next ? rest.indexOf(next) : rest.length;
    show([...rest.slice(0, at), row, ...rest.slice(at)]);
}

const order = () => handles().map((handle) => handle.dataset.row);

document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row][data-moves] button");
    if (button) {
        event.preventDefault();
        const [row, next] = button.value.split(":");
        const { value } = button;
        const before = order();
        place(row, next);
        move(button.closest("[data-row]"), value, before);
    }
});

document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-order-grip]");
    if (!grip || event.button !== 0) {
        return;
    }
    event.preventDefault();
    const handle = grip.closest("[data-row]");
    const line = lineOf(handle);
    const body = line.parentElement;
    const before = order();
    line.classList.add("taskdock-is-dragged");

    const drag = (moved) => {
        const others = [...body.children].filter((one) => one !== line);
        const next = others.find((one) => {
            const box = one.getBoundingClientRect();
            return moved.clientY < box.top + box.height / 2;
        }) ?? null;
        if (next !== line.nextElementSibling) {
            body.insertBefore(line, next);
        }
    };
    const drop = (ended) => {
        for (const kind of ["pointermove", "pointerup", "pointercancel"]) {
            document.removeEventListener(kind, kind === "pointermove" ? drag : drop);
        }
        document.removeEventListener("keydown", escape);
        line.classList.remove("taskdock-is-dragged");
        const after = order();
        if (ended.type !== "pointerup") {
            show(before);
        } else if (after.join() !== before.join()) {
            const next = after[after.indexOf(handle.dataset.row) + 1] ?? "";
            show(after);
            move(handle, `${handle.dataset.row}:${next}`, before);
        }
    };
    const escape = (pressed) => {
        if (pressed.key === "Escape") {
            drop(pressed);
        }
    };
    // Not captured by the grip, which would lose the pointer as its line is put elsewhere.
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);
    document.addEventListener("keydown", escape);
});

if (handles().length) {
    document.querySelector("#changelist-form").prepend(live);
    for (const grip of document.querySelectorAll("[data-order-grip]")) {
        grip.hidden = false;
    }
}
