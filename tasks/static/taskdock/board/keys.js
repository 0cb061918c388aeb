// Moving a card by the keyboard, from its grip.

import { board, busy, cardsOf, columnOf, columns, listOf, placeOf, put, tell } from "./page.js";
import { sendMove } from "./send.js";

let picked = null;

function pick(card) {
    picked = { card, home: placeOf(card) };
    busy.dragging = true;
    card.classList.add("is-picked");
    tell("picked", card);
}

function leave(isDropped) {
    const { card, home } = picked;
    picked = null;
    busy.dragging = false;
    card.classList.remove("is-picked");
    const isMoved = card.parentElement !== home.list || card.nextElementSibling !== home.next;
    if (isDropped && isMoved) {
        sendMove(card, home);
        return;
    }
    put(card, home);
    tell("back", card);
}

function step(card, key) {
    const column = columnOf(card);
    const all = columns();
    const cards = cardsOf(column);
    const place = cards.indexOf(card);
    const list = listOf(column);
    if (key === "ArrowUp" && place > 0) {
        put(card, { list, next: cards[place - 1] });
    } else if (key === "ArrowDown" && place + 1 < cards.length) {
        put(card, { list, next: cards[place + 2] ?? null });
    } else if (key === "ArrowLeft" || key === "ArrowRight") {
        const other = all[all.indexOf(column) + (key === "ArrowLeft" ? -1 : 1)];
        if (other) {
            put(card, { list: listOf(other), next: cardsOf(other)[place] ?? null });
        }
    }
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    tell("at", card);
}

export function listen() {
    board.addEventListener("click", (event) => {
        const grip = event.target.closest("[data-grip]");
        // A click of the keyboard's; the pointer drags.
        if (grip && event.detail === 0) {
            const card = grip.closest("[data-card]");
            if (picked) {
                leave(true);
            } else {
                pick(card);
            }
        }
    });
    board.addEventListener("keydown", (event) => {
        if (!picked) {
            return;
        }
        if (event.key.startsWith("Arrow")) {
            event.preventDefault();
            step(picked.card, event.key);
        } else if (event.key === "Escape" || event.key === "Tab") {
            leave(false);
        }
    });
    board.addEventListener("pointerdown", () => {
        if (picked) {
            leave(false);
        }
    }, { capture: true });
}
