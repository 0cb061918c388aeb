// A card that was put elsewhere stands there at once; what is refused goes back.

import { board, busy, columnOf, put, say, tell } from "./page.js";
import { refresh } from "./fresh.js";

const post = (url, data) => fetch(url, {
    method: "POST",
    body: data,
    headers: { Accept: "application/json" },
    credentials: "same-origin",
});

export async function sendMove(card, home) {
    const data = new FormData(document.querySelector("#taskdock-board-move"));
    data.set("move", `${card.dataset.card}:${columnOf(card).dataset.column}`);
    data.set("before", card.nextElementSibling?.dataset.card ?? "");
    data.set("after", card.previousElementSibling?.dataset.card ?? "");
    busy.sending += 1;
    try {
        const answer = await post(board.dataset.move, data);
        const told = await answer.json();
        if (!answer.ok) {
            put(card, home);
        }
        say(told.said, told.kind === "error");
    } catch {
        put(card, home);
        tell("lost", card);
    } finally {
        busy.sending -= 1;
    }
    refresh();
}

async function add(form) {
    const title = form.elements.namedItem("title");
    for (const place of form.querySelectorAll("[data-error]")) {
        place.textContent = "";
    }
    const answer = await post(form.action, new FormData(form));
    const told = await answer.json();
    if (answer.ok) {
        title.value = "";
        title.removeAttribute("aria-invalid");
        say(told.said);
        title.focus();
        refresh();
        return;
    }
    for (const [name, texts] of Object.entries(told.errors)) {
        const place = form.querySelector(`[data-error="${name}"]`)
            ?? form.querySelector('[data-error="title"]');
        place.textContent = texts.join(" ");
    }
    title.setAttribute("aria-describedby", `${title.id}-said`);
    title.focus();
}

export function listen() {
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (form.matches("[data-add]")) {
            event.preventDefault();
            add(form).catch(() => form.submit());
        } else if (form.id === "taskdock-board-move" && event.submitter) {
            event.preventDefault();
            const card = event.submitter.closest("[data-card]");
            const status = event.submitter.value.split(":")[1];
            const list = board.querySelector(`[data-column="${status}"] [data-list]`);
            const home = { list: card.parentElement, next: card.nextElementSibling };
            card.querySelector("details").open = false;
            // To the end, as without a script: that may be further down than what is shown.
            list.append(card);
            card.querySelector("summary").focus();
            const data = new FormData(form);
            data.set("move", event.submitter.value);
            busy.sending += 1;
            post(form.action, data).then(async (sent) => {
                const told = await sent.json();
                if (!sent.ok) {
                    put(card, home);
                }
                say(told.said, told.kind === "error");
            }).catch(() => {
                put(card, home);
                tell("lost", card);
            }).finally(() => {
                busy.sending -= 1;
                refresh();
            });
        }
    });
}
