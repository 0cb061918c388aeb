// A card that was put elsewhere stands there at once; what is refused goes back. A task that is
// added leaves its field at once, so that the next title can be typed.

import { board, busy, columnOf, put, say, sayFailure, sentence } from "./page.js";
import { refresh } from "./fresh.js";
import { giveBack, send, submission } from "../live.js";
import { Outbox } from "../outbox.js";
import { failureOf, json, post } from "../send.js";

const HEADERS = { Accept: "application/json" };
const boxes = new WeakMap();
//: Moves are sent one after the other: a place is named by its neighbours.
const moves = [];

/** The cards of all moves that are not done go back, the last one first. */
function giveUp() {
    for (const { card, home } of moves.splice(0).reverse()) {
        put(card, home);
    }
}

async function sendMoves() {
    busy.sending += 1;
    while (moves.length) {
        const { card, data } = moves[0];
        try {
            const answer = await post(board.dataset.move, data, { headers: HEADERS });
            const { said, kind } = await json(answer);
            if (answer.ok) {
                moves.shift();
            } else {
                giveUp();
            }
            say(said, kind === "error");
        } catch (error) {
            giveUp();
            sayFailure(failureOf(error), sentence("back", card));
        }
    }
    busy.sending -= 1;
    refresh();
}

function queueMove(card, home, values) {
    const data = new FormData(document.querySelector("#taskdock-board-move"));
    for (const [name, value] of Object.entries(values)) {
        data.set(name, value);
    }
    moves.push({ card, home, data });
    if (moves.length === 1) {
        sendMoves();
    }
}

export function sendMove(card, home) {
    queueMove(card, home, {
        move: `${card.dataset.card}:${columnOf(card).dataset.column}`,
        before: card.nextElementSibling?.dataset.card ?? "",
        after: card.previousElementSibling?.dataset.card ?? "",
    });
}

function boxOf(form) {
    if (!boxes.has(form)) {
        boxes.set(form, new Outbox((list) => form.append(list)));
    }
    return boxes.get(form);
}

function showErrors(form, errors) {
    const title = form.elements.namedItem("title");
    for (const place of form.querySelectorAll("[data-error]")) {
        place.textContent = "";
    }
    for (const [name, texts] of Object.entries(errors)) {
        const place = form.querySelector(`[data-error="${name}"]`)
            ?? form.querySelector('[data-error="title"]');
        place.textContent = texts.join(" ");
    }
    title.setAttribute("aria-describedby", `${title.id}-said`);
}

async function showAdded(answer, sent) {
    const { said, errors } = await json(answer);
    if (answer.ok) {
        showErrors(sent.form, {});
        say(said);
        refresh();
        return;
    }
    const error = Object.values(errors).flat().join(" ");
    if (!sent.text || giveBack(boxOf(sent.form), sent, error, add)) {
        showErrors(sent.form, errors);
    }
}

function add(sent) {
    send(boxOf(sent.form), sent, {
        headers: HEADERS,
        answered: (answer) => showAdded(answer, sent),
        failed(failure) {
            if (!sent.text || giveBack(boxOf(sent.form), sent, failure.message, add)) {
                sayFailure(failure);
            }
        },
    });
}

export function listen() {
    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (form.matches("[data-add]")) {
            event.preventDefault();
            const sent = submission(form, event.submitter, boxOf(form));
            form.elements.namedItem("title").focus();
            if (sent) {
                add(sent);
            }
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
            queueMove(card, home, { move: event.submitter.value });
        }
    });
}
